using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>One model, one request and one report that most tests need.</summary>
internal static class Sample
{
    public const string Cell = "eu-west";

    public static readonly ModelVersionKey Version = new("keyword", 1);
    public static readonly VariantKey Variant = new("keyword", 1, "tiny");

    private static readonly TensorSpec[] Inputs = [new("in", TensorDataType.Uint8, new TensorShape(4))];
    private static readonly TensorSpec[] Outputs = [new("out", TensorDataType.Uint8, new TensorShape(4))];

    public static LoadedVariant Loaded(VariantKey key) => new(key, "sha256:" + key.Variant, Inputs, Outputs, TimeSpan.Zero, TimeSpan.Zero);

    public static EngineState Engine(params VariantKey[] variants) =>
        new(variants.ToDictionary(v => v, v => new VariantState(Loaded(v), new VariantStatistics())));

    public static RepositoryState Repository(params ModelVersionKey[] versions) =>
        new(versions.GroupBy(v => v.Model).ToDictionary(g => g.Key, g => new ModelEntry(g.Key, VersionPolicy.Default, g.Select(Entry).ToArray()), StringComparer.Ordinal));

    public static InferenceRequest Request(TensorPool pool, params byte[] content) => new(
        "r1", Version.Model, null, [new Tensor("in", TensorDataType.Uint8, new TensorShape(content.Length), pool.Copy(content))], [], RouteParameters.None, Caller.Anonymous, null);

    public static InferenceResult Answer(params Tensor[] outputs) => InferenceResult.Of(new InferenceResponse(
        outputs, new Provenance(Zone.Edge, Cell, "n1", Version.Model, Version.Version, "tiny", "sha256:tiny", 0), null, null, false, false, "edge=chosen", null, default));

    public static Tensor PlusOne(Tensor input, TensorPool pool)
    {
        var data = pool.Rent(input.Data.Length);
        for (var i = 0; i < data.Length; i++) data.Span[i] = (byte)(input.Data.Span[i] + 1);
        return new Tensor("out", input.DataType, input.Shape, data);
    }

    public static NodeReport Report(NodeKey key, long epoch, long sequence, params NodeVariant[] variants) =>
        new(key, NodeKind.Silo, Zone.Edge, epoch, sequence, "http://127.0.0.1:1", variants, 1 << 30, 2);

    private static VersionEntry Entry(ModelVersionKey key)
    {
        var variant = new VariantKey(key.Model, key.Version, "tiny");
        var manifest = new ModelManifest(
            key.Model, key.Version, "", "", Inputs, Outputs, null, PrivacyCeiling.Any, null, BatchingSettings.None,
            [new VariantManifest("tiny", "tiny.onnx", [Zone.Edge], 1, 1, "sha256:tiny", 1, InstanceSettings.Default)], "sha256:all");
        return new VersionEntry(key.Version, VersionState.Ready, manifest, [Loaded(variant)], "", false);
    }
}
