using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Cli.Node;

/// <summary>Who may do what on a node: without a key reading and inference, and that on loopback alone (the options see to it); with the key everything. A wrong key is refused even where none is needed.</summary>
internal sealed class NodeAuthenticator(OperatorKey key, bool required) : ICallerAuthenticator
{
    private const CallerRoles Read = CallerRoles.Viewer | CallerRoles.Infer;

    private static readonly AuthenticationOutcome Anybody = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read, false));
    private static readonly AuthenticationOutcome Operator = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read | CallerRoles.Operator, false, OperatorKey.FileName));
    private static readonly AuthenticationOutcome Missing = Refuse("This node needs a key: send it as 'Authorization: Bearer <key>'. It is in the file operator.key of the node's data folder.");
    private static readonly AuthenticationOutcome Wrong = Refuse("The key is not this node's. It is in the file operator.key of the node's data folder.");

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken) => ValueTask.FromResult(Judge(credential.Bearer));

    private AuthenticationOutcome Judge(string? bearer)
    {
        if (string.IsNullOrEmpty(bearer)) return required ? Missing : Anybody;
        return key.Matches(bearer) ? Operator : Wrong;
    }

    private static AuthenticationOutcome Refuse(string message) => AuthenticationOutcome.Of(new InferenceFailure(FailureCode.Unauthenticated, message));
}
