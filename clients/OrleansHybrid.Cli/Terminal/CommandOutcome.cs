using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>One line of an answer.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Label">In a table; at most eight characters, so that a digest beside it fits 80 columns.</param>
/// <param name="Value">A text or a whole number.</param>
internal sealed record Fact(string Name, string Label, object Value);

/// <summary>How a command ended. Commands return it and print nothing themselves.</summary>
/// <param name="Reason">One word for scripts; empty when it went well.</param>
/// <param name="Message">What was expected, what came, what to do.</param>
internal sealed record CommandOutcome(int ExitCode, string Reason, string Message, IReadOnlyList<Fact> Facts)
{
    /// <summary>In place of facts: a list.</summary>
    public CellTable? Table { get; init; }

    public static CommandOutcome Ok(params Fact[] facts) => new(ExitCodes.Ok, "", "", facts);

    public static CommandOutcome Refused(BundleProblem problem) => Refused(problem.Refusal.ToString(), problem.Message);

    public static CommandOutcome Refused(string reason, string message) => new(ExitCodes.Refused, reason, message, []);

    public static CommandOutcome Usage(string message) => new(ExitCodes.Usage, "Usage", message, []);
}
