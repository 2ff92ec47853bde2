using Microsoft.Extensions.AI;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>A model that takes text and gives vectors, as the generator that .NET's AI abstractions know: code written for those runs unchanged.</summary>
/// <remarks>
/// Texts go in batches of the manifest's <c>max_batch_size</c>, one after another; the order is kept. A failure of any batch fails the whole call: half an
/// answer would be mistaken for one. Usage is not reported: the tokeniser is inside the model's engine, and a guess would be taken for a count.
/// </remarks>
public sealed class HybridEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public const string ProviderName = "orleanshybrid";

    private readonly HybridClient client;
    private readonly HybridModel model;
    private readonly InferOptions options;

    internal HybridEmbeddingGenerator(HybridClient client, string name, InferOptions? options)
    {
        this.client = client;
        model = client.Model(name);
        this.options = (options ?? InferOptions.Default) with { TopLabels = 0 };
    }

    /// <exception cref="HybridException">The model could not answer; the message says why and what to do.</exception>
    /// <exception cref="NotSupportedException">The model is none that takes text and gives one vector a text, or another one or size was asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var made = new GeneratedEmbeddings<Embedding<float>>();
        var (size, output) = Shape(options);
        foreach (var batch in values.Chunk(size))
        {
            using var answer = await model.InferAsync(ModelInput.Text(batch), this.options with { Outputs = output is null ? [] : [output] }, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            Add(answer.OrThrow(), batch.Length, made);
        }

        return made;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return Metadata();
        if (serviceType == typeof(HybridClient)) return client;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>The client outlives its generators.</summary>
    public void Dispose()
    {
    }

    private EmbeddingGeneratorMetadata Metadata()
    {
        var dimensions = model.Manifest(options.Version) is { } manifest && Vectors(manifest) is { } spec && spec.Shape[spec.Shape.Rank - 1] is > 0 and var size ? (int?)size : null;
        return new EmbeddingGeneratorMetadata(ProviderName, client.Options.Upstream is { } above ? new Uri(above.Contains("://", StringComparison.Ordinal) ? above : "http://" + above) : null, model.Name, dimensions);
    }

    /// <summary>Texts of a batch, and the output to ask for; a model that is not there is left to the call, which says what is missing.</summary>
    private (int Size, string? Output) Shape(EmbeddingGenerationOptions? asked)
    {
        if (asked?.ModelId is { } other && other != model.Name) throw new NotSupportedException($"This generator asks '{model.Name}'; '{other}' was asked for. Make one for it: AsEmbeddingGenerator(\"{other}\").");
        if (model.Manifest(options.Version) is not { } manifest) return (1, null);
        if (manifest.Inputs is not [{ DataType: TensorDataType.Bytes }]) throw new NotSupportedException($"'{model.Name}' takes {string.Join(", ", manifest.Inputs.Select(ModelInput.Describe))}; embeddings need a model that takes one BYTES input.");
        if (Vectors(manifest) is not { } vectors) throw new NotSupportedException($"'{model.Name}' gives {string.Join(", ", manifest.Outputs.Select(ModelInput.Describe))}; embeddings need one FP32 output of the shape [N, dimensions].");
        var dimensions = vectors.Shape[1];
        if (asked?.Dimensions is { } wanted && dimensions > 0 && wanted != dimensions) throw new NotSupportedException($"'{model.Name}' gives vectors of {dimensions} numbers; {wanted} were asked for. Leave the size out.");
        return (Math.Max(1, manifest.Batching.MaxBatchSize), vectors.Name);
    }

    private static TensorSpec? Vectors(ModelManifest manifest)
    {
        var fitting = manifest.Outputs.Where(o => o.DataType == TensorDataType.Fp32 && o.Shape.Rank == 2).ToArray();
        return fitting.Length == 1 ? fitting[0] : null;
    }

    private void Add(HybridAnswer answer, int texts, GeneratedEmbeddings<Embedding<float>> made)
    {
        var output = answer.Outputs.Single(o => o.DataType == TensorDataType.Fp32 && o.Shape.Length == 2);
        if (output.Shape[0] != texts) throw new HybridException(new InferenceFailure(FailureCode.ModelFailed, $"'{model.Name}' gave {output.Shape[0]} vectors for {texts} texts."));
        for (var row = 0; row < texts; row++)
        {
            made.Add(new Embedding<float>(output.Row<float>(row).ToArray()) { ModelId = model.Name, CreatedAt = client.Options.Clock.GetUtcNow() });
        }
    }
}

public static class HybridEmbeddingExtensions
{
    /// <summary>The model as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>: it takes one BYTES input and gives one FP32 output of the shape [N, dimensions].</summary>
    /// <param name="options">What every call of the generator asks of the router.</param>
    /// <example><code>
    /// using var generator = hybrid.AsEmbeddingGenerator("embed").AsBuilder().UseDistributedCache(cache).UseOpenTelemetry().Build();
    /// </code></example>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this HybridClient client, string model, InferOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new HybridEmbeddingGenerator(client, model, options);
    }
}
