using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>The policy this silo applies; replaced whole, only by one that compiled.</summary>
public sealed class PolicyHolder
{
    private Held held = new(CompiledPolicy.Empty, null);

    /// <summary>Raised after <see cref="Current"/> was replaced. Handlers must be short.</summary>
    public event Action? Changed;

    public CompiledPolicy Current => Volatile.Read(ref held).Policy;

    /// <summary>The text behind <see cref="Current"/>; null before any policy.</summary>
    public PolicyDocument? Document => Volatile.Read(ref held).Document;

    public void Replace(CompiledPolicy policy, PolicyDocument? document = null)
    {
        Volatile.Write(ref held, new Held(policy, document));
        Changed?.Invoke();
    }

    private sealed record Held(CompiledPolicy Policy, PolicyDocument? Document);
}
