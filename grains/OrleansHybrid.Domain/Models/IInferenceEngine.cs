using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>Runs variants. Speaks leases and tensor records only, so that an engine can live in another process.</summary>
/// <remarks>
/// <see cref="RunAsync"/> borrows the request's leases and takes its own share of them before it returns to the caller with the run still going.
/// Runs happen on the engine's own threads; no caller's thread waits in a run, unless the host that made the engine allows it for short ones.
/// </remarks>
public interface IInferenceEngine
{
    /// <summary>What is loaded, or known and loaded again when it is asked, and how it does: immutable, replaced whole, cheap to read.</summary>
    EngineState State { get; }

    /// <summary>Loads and warms up. On success the variant is ready; on failure nothing of it stays.</summary>
    ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken);

    /// <summary>Stops taking requests for the variant, lets those in flight finish, frees it. False when it was not loaded.</summary>
    ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken);

    ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken);
}

/// <summary>A variant's verified bytes and how to run it.</summary>
/// <param name="Onnx">The file's content, already checked against its digest.</param>
/// <param name="ExternalDataFolder">A sealed private folder (0700) with the verified model and its external files when the graph has some, else null; then the engine loads <paramref name="OnnxFileName"/> from there.</param>
/// <param name="Inputs">The manifest's inputs, checked against the graph (with <see cref="WordPiece"/>: the texts that callers send); null for a plain folder: taken from the graph.</param>
public sealed record VariantToLoad(
    VariantKey Key,
    ReadOnlyMemory<byte> Onnx,
    string? ExternalDataFolder,
    string OnnxFileName,
    string Digest,
    BatchingSettings Batching,
    InstanceSettings Instances,
    IReadOnlyList<TensorSpec>? Inputs,
    IReadOnlyList<TensorSpec>? Outputs)
{
    /// <summary>The step that makes the graph's inputs of <see cref="Inputs"/>, which are then what callers send and not the graph's own; null: none.</summary>
    public WordPieceToLoad? WordPiece { get; init; }

    /// <summary>Declared resident memory, bytes; 0: not declared.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Reads and verifies the same variant again, so that an engine may drop it from memory and still run it; null: it cannot be read again, and stays.</summary>
    public ReadVariantAgain? Again { get; init; }

    /// <summary>Asked in their order once the variant is warm and before anybody else can ask it; one answer that is not as expected fails the load. They are in no statistics.</summary>
    public IReadOnlyList<VariantProbe> Probes { get; init; } = [];

    /// <summary>Totals to go on with, of the time before the variant was dropped from memory; null: from zero.</summary>
    public VariantStatistics? Statistics { get; init; }
}

/// <summary>The variant as it was given before, or why it cannot be had: its files are gone or are others. Never other bytes.</summary>
public delegate ValueTask<(VariantToLoad? Variant, InferenceFailure? Failure)> ReadVariantAgain(CancellationToken cancellationToken);

/// <summary>How a load ended: exactly one of the two is set.</summary>
public sealed record LoadOutcome(LoadedVariant? Loaded, InferenceFailure? Failure);

/// <summary>A variant that is ready.</summary>
public sealed record LoadedVariant(VariantKey Key, string Digest, IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs, TimeSpan LoadTime, TimeSpan WarmUpTime);

/// <summary>One run for one caller.</summary>
/// <param name="Outputs">Names wanted; empty: all.</param>
/// <param name="TimeLeft">How long the caller still waits; a request whose time is up is not started, and a running one is terminated.</param>
/// <param name="Priority">Triton's: 1 is first, 0 is the default level.</param>
public sealed record EngineRequest(VariantKey Variant, IReadOnlyList<Tensor> Inputs, IReadOnlyList<string> Outputs, TimeSpan TimeLeft, int Priority = 0);

/// <summary>How a run ended: outputs (whose leases the receiver owns) or a failure, and where the time went.</summary>
public sealed record EngineOutcome(IReadOnlyList<Tensor> Outputs, InferenceFailure? Failure, EngineTimes Times);

/// <param name="BatchSize">Rows that ran together, this caller's included.</param>
/// <param name="Rows">This caller's rows; 0 when nobody counted: then the whole run counts as its own.</param>
public readonly record struct EngineTimes(TimeSpan Queue, TimeSpan ComputeInput, TimeSpan Compute, TimeSpan ComputeOutput, int BatchSize, int Rows = 0)
{
    /// <summary>This caller's part of the run's time, by rows: the parts of a batch add up to the time that the session took.</summary>
    public TimeSpan OwnRun
    {
        get
        {
            var run = ComputeInput + Compute + ComputeOutput;
            return Rows > 0 && Rows < BatchSize ? run * Rows / BatchSize : run;
        }
    }
}

/// <summary>Everything an engine holds at one moment.</summary>
public sealed record EngineState(IReadOnlyDictionary<VariantKey, VariantState> Variants)
{
    public static EngineState Empty { get; } = new(new Dictionary<VariantKey, VariantState>());
}

/// <summary>One loaded variant. The numbers behind <see cref="Statistics"/> move; the rest is fixed at load.</summary>
public sealed record VariantState(LoadedVariant Loaded, VariantStatistics Statistics)
{
    /// <summary>What it counts for under the memory budget, declared or estimated, bytes; 0: not known.</summary>
    public long Bytes { get; init; }

    /// <summary>False: it was dropped from memory and is loaded again by the next run, which waits for that about as long as <see cref="LoadedVariant.LoadTime"/> and <see cref="LoadedVariant.WarmUpTime"/> say.</summary>
    public bool IsResident { get; init; } = true;

    /// <summary>What the next run waits for before it starts.</summary>
    public TimeSpan LoadFirst => IsResident ? TimeSpan.Zero : Loaded.LoadTime + Loaded.WarmUpTime;
}
