using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Silo.Audit;

/// <summary>Writes down loads and unloads that callers ask for over the repository extension, REST and gRPC.</summary>
internal sealed class RepositoryAudit(IAuditLog audit, AuditDesk desk, IModelRepository repository) : IRepositoryJournal
{
    public async ValueTask<InferenceFailure?> BeginAsync(RepositoryChange change, CancellationToken cancellationToken)
    {
        try
        {
            await audit.AppendAsync(Entry(change), cancellationToken);
            return null;
        }
        catch (AuditUnavailableException unwritten)
        {
            return new InferenceFailure(FailureCode.UpstreamUnavailable, $"Nothing was {(change.Load ? "loaded" : "unloaded")}. {unwritten.Message}");
        }
    }

    public async ValueTask FailedAsync(RepositoryChange change, InferenceFailure failure, CancellationToken cancellationToken) => await desk.NotMadeAsync(Entry(change), failure.Message);

    private AuditChange Entry(RepositoryChange change) => new(
        change.Author.Who,
        change.Load ? AuditVerbs.ModelLoad : AuditVerbs.ModelUnload,
        change.Version is { } version ? new ModelVersionKey(change.Model, version).ToString() : change.Model,
        StateOf(change),
        change.Load ? "loaded" : "unloaded",
        change.Author.Why);

    /// <summary>The versions that the change is about, each with its state on this silo.</summary>
    private string StateOf(RepositoryChange change)
    {
        var versions = repository.State.Models.GetValueOrDefault(change.Model)?.Versions.Where(v => change.Version is null || v.Version == change.Version) ?? [];
        return string.Join(", ", versions.Select(v => $"{v.Version} {v.State.ToString().ToLowerInvariant()}"));
    }
}
