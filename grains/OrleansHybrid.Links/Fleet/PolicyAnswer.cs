using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Fleet;

/// <summary>What a cell said when it was asked for its policy. A text that came has the digest that it came with; nothing else of it was checked.</summary>
/// <param name="Kind">What it said.</param>
/// <param name="Text">The YAML; empty unless <paramref name="Kind"/> is <see cref="PolicyAnswerKind.Policy"/>.</param>
/// <param name="Failure">Why nothing was heard; null otherwise.</param>
public sealed record PolicyAnswer(PolicyAnswerKind Kind, string Name, long Revision, string Text, string Digest, InferenceFailure? Failure)
{
    public static PolicyAnswer Of(PolicyAnswerKind kind) => new(kind, "", 0, "", "", null);

    public static PolicyAnswer Of(InferenceFailure failure) => new(PolicyAnswerKind.Failed, "", 0, "", "", failure);
}

public enum PolicyAnswerKind
{
    /// <summary>The cell could not be asked, or answered what makes no sense.</summary>
    Failed,

    /// <summary>The revision that the caller has is in force.</summary>
    NotModified,

    Policy,

    /// <summary>The cell has no policy.</summary>
    None,

    /// <summary>The server above does not speak the fleet protocol: it is no cell of ours, or an older one.</summary>
    NotServed,
}
