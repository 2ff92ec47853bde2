using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Gateway.Models;

/// <summary>Told of each load and unload that a caller asks for. A host that keeps an audit log registers its own before <c>AddHybridGateway</c>; without one nothing is kept.</summary>
public interface IRepositoryJournal
{
    /// <summary>Before the change. A failure refuses it: nothing was done then.</summary>
    ValueTask<InferenceFailure?> BeginAsync(RepositoryChange change, CancellationToken cancellationToken);

    /// <summary>A change that had begun was not made.</summary>
    ValueTask FailedAsync(RepositoryChange change, InferenceFailure failure, CancellationToken cancellationToken);
}

/// <param name="Load">False: unload.</param>
/// <param name="Version">Null: the versions of the model's policy, or all.</param>
public sealed record RepositoryChange(bool Load, string Model, int? Version, ChangeAuthor Author);

internal sealed class NoRepositoryJournal : IRepositoryJournal
{
    public ValueTask<InferenceFailure?> BeginAsync(RepositoryChange change, CancellationToken cancellationToken) => default;

    public ValueTask FailedAsync(RepositoryChange change, InferenceFailure failure, CancellationToken cancellationToken) => default;
}
