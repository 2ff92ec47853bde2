using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>An engine that holds bytes and runs nothing. It refuses bytes that begin with "bad" and notes every load.</summary>
internal sealed class RepositoryEngine : IInferenceEngine
{
    private readonly Lock gate = new();

    public ConcurrentQueue<VariantToLoad> Loads { get; } = [];

    public ConcurrentQueue<VariantKey> Unloads { get; } = [];

    /// <summary>Awaited in each load before it ends.</summary>
    public Func<VariantToLoad, CancellationToken, Task> OnLoad { get; set; } = static (_, _) => Task.CompletedTask;

    public EngineState State { get; private set; } = EngineState.Empty;

    public async ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken)
    {
        Loads.Enqueue(variant);
        await OnLoad(variant, cancellationToken);
        if (variant.Digest != "sha256:" + Convert.ToHexStringLower(SHA256.HashData(variant.Onnx.Span))) return Fail("these bytes are not those of the digest");
        if (Encoding.UTF8.GetString(variant.Onnx.Span).StartsWith("bad", StringComparison.Ordinal)) return Fail("the graph cannot run");
        var loaded = new LoadedVariant(variant.Key, variant.Digest, variant.Inputs ?? [new TensorSpec("x", TensorDataType.Fp32, new TensorShape(1))], variant.Outputs ?? [], default, default);
        Change(variants => variants[variant.Key] = new VariantState(loaded, new VariantStatistics()));
        return new LoadOutcome(loaded, null);
    }

    public ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken)
    {
        Unloads.Enqueue(variant);
        var removed = false;
        Change(variants => removed = variants.Remove(variant));
        return ValueTask.FromResult(removed);
    }

    public ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static LoadOutcome Fail(string message) => new(null, new InferenceFailure(FailureCode.ModelFailed, message));

    private void Change(Action<Dictionary<VariantKey, VariantState>> change)
    {
        lock (gate)
        {
            var variants = new Dictionary<VariantKey, VariantState>(State.Variants);
            change(variants);
            State = new EngineState(variants);
        }
    }
}
