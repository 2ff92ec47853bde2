using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Fleet;

/// <summary>What a node asks when it enrols.</summary>
/// <param name="Name">Empty: the cell gives one.</param>
public sealed record Enrolment(string Token, string Name, string Boot, NodeAttributes Attributes, long MemoryBytes, int Cores);

/// <summary>How an enrolment ended.</summary>
/// <param name="Publishers">The public keys that the cell trusts, in PEM, by name. The caller compares their digest with the one in its token.</param>
/// <param name="Failure">Why there is no credential; null otherwise.</param>
public sealed record EnrolAnswer(string Credential, string Name, string Cell, string Zone, string Farm, IReadOnlyDictionary<string, string> Publishers, InferenceFailure? Failure)
{
    public static EnrolAnswer Of(InferenceFailure failure) => new("", "", "", "", "", new Dictionary<string, string>(), failure);
}

/// <summary>One check-in as it is sent: a node's report, a region's, or neither when nothing changed since <paramref name="UnchangedSince"/>.</summary>
public sealed record CheckInMessage(NodeInstance Instance, long Epoch, long Sequence, long DocumentsRevision, NodeReport? Node, RegionReport? Region, long UnchangedSince);

/// <summary>What the cell said.</summary>
/// <param name="DocumentsRevision">Of the documents that hold there.</param>
/// <param name="Next">When to call again; the caller spreads it by <see cref="Limits.PollJitter"/>.</param>
public sealed record CheckInAnswer(CheckInVerdict Verdict, long Epoch, long Sequence, long DocumentsRevision, TimeSpan Next, InferenceFailure? Failure)
{
    public static CheckInAnswer Of(InferenceFailure failure) => new(CheckInVerdict.Refused, 0, 0, 0, failure.RetryAfter ?? TimeSpan.Zero, failure);
}
