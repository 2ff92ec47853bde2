namespace OrleansHybrid.Domain.Routing;

/// <summary>One thing that is wrong in a policy.</summary>
/// <param name="Place">The key path, for example <c>rules[2].set.mode</c>.</param>
/// <param name="Expected">What may stand there.</param>
/// <param name="Came">What stands there.</param>
/// <param name="Remedy">What to write instead, as an instruction without a full stop.</param>
public sealed record PolicyError(string Place, string Expected, string Came, string Remedy)
{
    public string Problem => $"expected {Expected}; came {Came}.";

    public override string ToString() => $"{Place}: {Problem} {Remedy}{(Remedy.EndsWith('?') ? "" : ".")}";
}

/// <summary>How a compilation ended: a policy, or every error at once.</summary>
/// <param name="Policy">Null when there are errors.</param>
public sealed record PolicyCompilation(CompiledPolicy? Policy, IReadOnlyList<PolicyError> Errors);
