namespace OrleansHybrid.Domain.Routing;

/// <summary>One thing that is wrong in a policy.</summary>
/// <param name="Place">The key path, for example <c>rules[2].set.mode</c>.</param>
/// <param name="Expected">What may stand there.</param>
/// <param name="Came">What stands there.</param>
/// <param name="Remedy">What to write instead, as an instruction without a full stop.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-error")]
public sealed record PolicyError(
    [property: Id(0)] string Place, [property: Id(1)] string Expected, [property: Id(2)] string Came, [property: Id(3)] string Remedy)
{
    public string Problem => $"expected {Expected}; came {Came}.";

    public override string ToString() => $"{Place}: {Problem} {Remedy}{(Remedy.EndsWith('?') ? "" : ".")}";
}

/// <summary>How a compilation ended: a policy, or every error at once.</summary>
/// <param name="Policy">Null when there are errors.</param>
public sealed record PolicyCompilation(CompiledPolicy? Policy, IReadOnlyList<PolicyError> Errors);
