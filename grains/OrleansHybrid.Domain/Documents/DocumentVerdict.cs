using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Documents;

public enum DocumentOutcome
{
    /// <summary>It holds now in its place.</summary>
    Accepted,

    /// <summary>It held already.</summary>
    Same,

    /// <summary>It changes nothing; the problem says why.</summary>
    Refused,
}

/// <summary>What became of one document.</summary>
/// <param name="Document">The one that came, as far as its signature was verified; null before.</param>
/// <param name="Problem">Set when it was refused.</param>
/// <param name="Stale">It had expired when it was judged. It holds all the same: nothing newer is known, and old beats none.</param>
public sealed record DocumentVerdict(DocumentOutcome Outcome, SignedDocument? Document, BundleProblem? Problem, bool Stale)
{
    internal static DocumentVerdict Refused(BundleRefusal refusal, string message, SignedDocument? document = null) => Refused(new BundleProblem(refusal, message), document);

    internal static DocumentVerdict Refused(BundleProblem problem, SignedDocument? document = null) => new(DocumentOutcome.Refused, document, problem, false);
}
