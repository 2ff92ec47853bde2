using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>The policy this silo applies; replaced whole, only by one that compiled.</summary>
public sealed class PolicyHolder
{
    private CompiledPolicy current = CompiledPolicy.Empty;

    /// <summary>Raised after <see cref="Current"/> was replaced. Handlers must be short.</summary>
    public event Action? Changed;

    public CompiledPolicy Current => Volatile.Read(ref current);

    public void Replace(CompiledPolicy policy)
    {
        Volatile.Write(ref current, policy);
        Changed?.Invoke();
    }
}
