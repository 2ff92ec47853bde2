namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a node is, as it says itself. What changes by the minute (battery, temperature) is rounded, so that it does not make every report a new one.</summary>
/// <param name="Labels">Node labels: from its configuration or its join token.</param>
/// <param name="ModelMemoryBytes">What models may take of the memory; 0: not bounded.</param>
/// <param name="Accelerator">Null: none.</param>
/// <param name="ExecutionProviders">ONNX Runtime's, that are usable here: <c>CPUExecutionProvider</c> at least.</param>
/// <param name="RuntimeVersion">Of ONNX Runtime.</param>
/// <param name="Software">What runs the node: name and version.</param>
/// <param name="BatteryPercent">In steps of 5; null: mains, or unknown.</param>
/// <param name="TemperatureC">The hottest zone, in steps of 5; null: unknown.</param>
/// <param name="Throttled">The machine says that it slows down because it is hot; null: unknown.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-attributes")]
public sealed record NodeAttributes(
    [property: Id(0)] IReadOnlyDictionary<string, string> Labels,
    [property: Id(1)] long ModelMemoryBytes,
    [property: Id(2)] string? Accelerator,
    [property: Id(3)] IReadOnlyList<string> ExecutionProviders,
    [property: Id(4)] string RuntimeVersion,
    [property: Id(5)] string Software,
    [property: Id(6)] string Platform,
    [property: Id(7)] int? BatteryPercent,
    [property: Id(8)] int? TemperatureC,
    [property: Id(9)] bool? Throttled,
    [property: Id(10)] bool MeteredLink)
{
    public static NodeAttributes Unknown { get; } = new(new Dictionary<string, string>(), 0, null, [], "", "", "", null, null, null, false);
}

/// <summary>How far a version has come on a node.</summary>
public enum NodeVersionStage
{
    /// <summary>Desired, and nothing was done yet; or no variant fits (see the reason).</summary>
    Desired,
    Downloading,

    /// <summary>Every file that this node needs is here and has its digest.</summary>
    Verified,

    /// <summary>In the engine and warm; it does not answer yet.</summary>
    Loaded,

    /// <summary>Answers requests.</summary>
    Serving,

    /// <summary>It could not be fetched, verified, loaded or probed; what served before goes on.</summary>
    Failed,
}

/// <summary>One version on one node.</summary>
/// <param name="Variant">Empty: none.</param>
/// <param name="Bundle">Root digest of what is here; empty for a version of a local folder without a signature.</param>
/// <param name="SinceSeconds">How long it has been in this stage when the report was made, by the node's own steady clock: clocks are not trusted, durations are.</param>
/// <param name="Reason">Why it failed, or why no variant fits; empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-version")]
public sealed record NodeVersion(
    [property: Id(0)] string Model,
    [property: Id(1)] int Version,
    [property: Id(2)] string Variant,
    [property: Id(3)] string Bundle,
    [property: Id(4)] NodeVersionStage Stage,
    [property: Id(5)] long SinceSeconds,
    [property: Id(6)] string Reason);
