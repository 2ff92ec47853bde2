using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>What the installer writes down: each change once, however often it is tried, and each refusal once for each reason.</summary>
internal sealed class InstallAudit(InstallerParts parts)
{
    private const string Who = "system installer";
    private const int RememberedMax = 1000;
    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    /// <exception cref="AuditUnavailableException">The change must not be made.</exception>
    public ValueTask ActivateAsync(ModelVersionKey version, string bundle, string variant, GoodVersion? before, long revision, CancellationToken cancellationToken)
    {
        var verb = before is not null && before.Version.Version > version.Version ? AuditVerbs.VersionRevert : AuditVerbs.VersionActivate;
        var from = before is null ? "" : $"{before.Version} {before.Bundle}";
        return OnceAsync(new AuditChange(Who, verb, version.ToString(), from, $"{variant} {bundle}", $"documents of revision {revision}"), cancellationToken);
    }

    public async ValueTask RefusedAsync(ModelVersionKey version, string bundle, BundleProblem problem, CancellationToken cancellationToken)
    {
        if (written.Contains(Key(Refusal(version, bundle, problem)))) return;
        parts.Notice($"{version} is refused: {problem}");
        await OnceAsync(Refusal(version, bundle, problem), cancellationToken);
    }

    /// <summary>The next activation of that content is a change again.</summary>
    public void Forget(ModelVersionKey version) => written.RemoveWhere(w => w.StartsWith($"{version} version.", StringComparison.Ordinal) && !w.StartsWith($"{version} {AuditVerbs.VersionRefused}", StringComparison.Ordinal));

    private static AuditChange Refusal(ModelVersionKey version, string bundle, BundleProblem problem) => new(Who, AuditVerbs.VersionRefused, version.ToString(), "", bundle, problem.ToString());

    private async ValueTask OnceAsync(AuditChange change, CancellationToken cancellationToken)
    {
        if (written.Contains(Key(change))) return;
        if (parts.Audit is { } audit) await audit.AppendAsync(change, cancellationToken);
        if (written.Count >= RememberedMax) written.Clear();
        written.Add(Key(change));
    }

    /// <summary>Of a refusal its reason and not its figures, which may differ each time.</summary>
    private static string Key(AuditChange change) => $"{change.Subject} {change.What} {change.To} {(change.What == AuditVerbs.VersionRefused ? change.Why.Split(':')[0] : "")}";
}
