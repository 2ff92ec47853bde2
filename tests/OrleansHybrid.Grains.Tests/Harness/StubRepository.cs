using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A repository whose content a test replaces.</summary>
internal sealed class StubRepository : IModelRepository
{
    public event Action? Changed;

    public RepositoryState State { get; private set; } = Sample.Repository(Sample.Version);

    public void Replace(RepositoryState state)
    {
        State = state;
        Changed?.Invoke();
    }

    public ValueTask<RepositoryOutcome> LoadAsync(string model, int? version, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<RepositoryOutcome> UnloadAsync(string model, int? version, CancellationToken cancellationToken) => throw new NotSupportedException();
}
