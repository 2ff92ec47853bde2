using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo.Trust;

/// <summary>Who may do what: without a key, reading and inference, and that on loopback only (the settings see to it); with the operator key everything; with the link key, what a cell below needs.</summary>
/// <remarks>A wrong key is refused even where none is needed: whoever sends one means it.</remarks>
internal sealed class LocalAuthenticator(CellSettings cell, DataFolder data) : ICallerAuthenticator
{
    private const CallerRoles Read = CallerRoles.Viewer | CallerRoles.Infer;

    private static readonly AuthenticationOutcome Anybody = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read, false));
    private static readonly AuthenticationOutcome Operator = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read | CallerRoles.Operator, false));
    private static readonly AuthenticationOutcome Link = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read, true));

    private static readonly AuthenticationOutcome Missing = AuthenticationOutcome.Of(new InferenceFailure(
        FailureCode.Unauthenticated, "This cell needs a key: send it as 'Authorization: Bearer <key>'."));

    private static readonly AuthenticationOutcome Wrong = AuthenticationOutcome.Of(new InferenceFailure(
        FailureCode.Unauthenticated, "The key is not one of this cell. The operator key is in the file operator.key of the cell's data folder."));

    private readonly LocalKey operatorKey = LocalKey.LoadOrMake(data.Path, LocalKey.OperatorFile);
    private readonly LocalKey linkKey = LocalKey.LoadOrMake(data.Path, LocalKey.LinkFile);

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Judge(credential.Bearer));

    private AuthenticationOutcome Judge(string? bearer)
    {
        if (string.IsNullOrEmpty(bearer)) return cell.AuthRequired ? Missing : Anybody;
        if (operatorKey.Matches(bearer)) return Operator;
        return linkKey.Matches(bearer) ? Link : Wrong;
    }
}
