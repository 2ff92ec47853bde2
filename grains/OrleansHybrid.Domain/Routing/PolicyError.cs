namespace OrleansHybrid.Domain.Routing;

/// <summary>One thing that is wrong in a policy.</summary>
/// <param name="Place">Where, for example <c>rules[2].set.mode</c>.</param>
/// <param name="Problem">What was expected and what came.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record PolicyError(string Place, string Problem, string Remedy)
{
    public override string ToString() => $"{Place}: {Problem} {Remedy}";
}

/// <summary>How a compilation ended: a policy, or every error at once.</summary>
public sealed record PolicyCompilation(CompiledPolicy? Policy, IReadOnlyList<PolicyError> Errors);
