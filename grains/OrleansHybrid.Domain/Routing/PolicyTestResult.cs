using System.Text;

namespace OrleansHybrid.Domain.Routing;

/// <summary>How a case went.</summary>
/// <param name="Failures">What it expected in vain; empty: it passed.</param>
public sealed record PolicyTestResult(string Name, IReadOnlyList<PolicyTestFailure> Failures)
{
    public bool Passed => Failures.Count == 0;

    public override string ToString() =>
        Passed ? $"passed: {Name}" : $"FAILED: {Name}{string.Concat(Failures.Select(f => "\n  " + f))}";
}

/// <summary>One expectation that did not hold.</summary>
/// <param name="Expectation">The key, for example <c>excluded.cloud</c>.</param>
/// <param name="Sentence">What the planner says of it.</param>
public sealed record PolicyTestFailure(string Expectation, string Expected, string Came, string Sentence)
{
    public override string ToString() => $"{Expectation}: expected {Expected}; came {Came}. {Sentence}".TrimEnd();
}

/// <summary>How all cases of a file went; as text, one line a case and one for each failure, so that a test's message says it all.</summary>
/// <param name="Errors">What keeps the files from being run at all; empty: they ran.</param>
public sealed record PolicyTestReport(IReadOnlyList<PolicyTestResult> Results, IReadOnlyList<string> Errors)
{
    public bool Passed => Errors.Count == 0 && Results.Count > 0 && Results.All(r => r.Passed);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var error in Errors) text.Append(error).Append('\n');
        foreach (var result in Results.OrderBy(r => r.Passed)) text.Append(result).Append('\n');
        return text.Append(null, $"{Results.Count(r => r.Passed)} of {Results.Count} policy tests passed.").ToString();
    }
}
