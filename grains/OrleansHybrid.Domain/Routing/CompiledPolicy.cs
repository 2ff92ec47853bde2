namespace OrleansHybrid.Domain.Routing;

/// <summary>A policy after compilation: what the planner evaluates.</summary>
public sealed class CompiledPolicy
{
    private CompiledPolicy(long revision) => Revision = revision;

    /// <summary>0 before any policy.</summary>
    public long Revision { get; }

    /// <summary>No rules, the built-in defaults.</summary>
    public static CompiledPolicy Empty { get; } = new(0);
}
