using System.Net;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Silo.Admin;

namespace OrleansHybrid.Silo.Audit;

/// <summary>Writes down what admin routes do. The entry comes before the change: a change without one does not exist. One that was written down and then not made gets a second entry that says so.</summary>
/// <example><code>
/// var change = AuditDesk.ChangeOf(http, AuditVerbs.KeyRevoke, $"key {id}", from: "valid", to: "revoked");
/// if (await desk.WriteAsync(change, "The key was not revoked", cancellationToken) is { } refusal) return refusal;
/// </code></example>
internal sealed partial class AuditDesk(IAuditLog audit, ILogger<AuditDesk> log)
{
    /// <summary>By the route's caller, with the reason of its header <c>hybrid-reason</c>.</summary>
    public static AuditChange ChangeOf(HttpContext http, string what, string subject, string from, string to)
    {
        var author = ChangeAuthor.Of(http, http.Features.Get<CallerIdentity>()!);
        return new AuditChange(author.Who, what, subject, from, to, author.Why);
    }

    /// <summary>Null: it is written. Else the answer to give instead of making the change.</summary>
    /// <param name="consequence">What did not happen, as a sentence without its full stop.</param>
    public async Task<IResult?> WriteAsync(AuditChange change, string consequence, CancellationToken cancellationToken)
    {
        try
        {
            await audit.AppendAsync(change, cancellationToken);
            return null;
        }
        catch (AuditUnavailableException unwritten)
        {
            return AdminProblem.Of(HttpStatusCode.ServiceUnavailable, $"{consequence}. {unwritten.Message}");
        }
    }

    /// <summary>The change that was written down did not come about.</summary>
    public async Task NotMadeAsync(AuditChange change, string reason)
    {
        try
        {
            await audit.AppendAsync(change with { To = change.From, Why = "not made: " + reason }, CancellationToken.None);
        }
        catch (AuditUnavailableException unwritten)
        {
            LogUntold(log, unwritten, change.What, change.Subject);
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log says {What} of {Subject}, which was not made; that it was not could not be written down.")]
    private static partial void LogUntold(ILogger log, Exception failed, string what, string subject);
}
