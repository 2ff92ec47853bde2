using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Fleet;

/// <summary>What a cell said when it was asked for its policy. A text that came has the digest that it came with; nothing else of it was checked.</summary>
/// <param name="Kind">What it said.</param>
/// <param name="Text">The YAML; empty unless <paramref name="Kind"/> is <see cref="PolicyOfferKind.Policy"/>.</param>
/// <param name="Failure">Why nothing was heard; null otherwise.</param>
public sealed record PolicyOffer(PolicyOfferKind Kind, string Name, long Revision, string Text, string Digest, InferenceFailure? Failure)
{
    public static PolicyOffer Of(PolicyOfferKind kind) => new(kind, "", 0, "", "", null);

    public static PolicyOffer Of(InferenceFailure failure) => new(PolicyOfferKind.Failed, "", 0, "", "", failure);
}

public enum PolicyOfferKind
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
