using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Fleet;

/// <summary>What a cell said when it was asked for documents. Nothing of it was verified.</summary>
/// <param name="Documents">DSSE envelopes, ascending by revision.</param>
/// <param name="Revision">The last revision of this answer when <paramref name="More"/>; else the cell's.</param>
/// <param name="Failure">Why nothing was heard; null otherwise.</param>
public sealed record DocumentsAnswer(string Farm, long Revision, IReadOnlyList<byte[]> Documents, IReadOnlyList<byte[]> Endorsements, bool More, InferenceFailure? Failure)
{
    /// <summary>The server above does not hand out documents: it is no cell of ours, or an older one.</summary>
    public bool NotServed { get; init; }

    public static DocumentsAnswer Of(InferenceFailure failure) => new("", 0, [], [], false, failure);
}
