using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Repository;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A good version of <c>keyword</c>, whose files a test may spoil.</summary>
internal static class ManifestSample
{
    public const string Good = """
        model: keyword
        version: 3
        description: Spoken commands.
        licence: Apache-2.0
        inputs:  [{ name: audio, datatype: INT16, shape: [-1, 16000] }]
        outputs: [{ name: probabilities, datatype: FP32, shape: [-1, 3], labels: labels.txt }]
        confidence: { output: probabilities, rule: max, floor: 0.70 }
        privacy: any
        updates: monthly
        batching: { max_batch_size: 16, preferred_batch_size: [4, 8], max_queue_delay_microseconds: 500, max_queue_size: 256 }
        variants:
          - { name: tiny-int8, file: tiny-int8.onnx, zones: [device, edge], memory_mib: 8, latency_ms: 1 }
          - { name: large, file: large.onnx, zones: [cloud], memory_mib: 60, latency_ms: 12, instances: { count: 2, intra_op_threads: 1 } }

        """;

    public const string Classifier = "classifier: { file: hard.onnx, output: hard, threshold: 0.76 }";

    /// <summary>A file that begins with "hard" is a classifier, any other a variant.</summary>
    public static GraphScan Scan(ReadOnlyMemory<byte> onnx) => new(
        [new TensorSpec("audio", TensorDataType.Int16, new TensorShape(-1, 16000))],
        [onnx.Span.StartsWith("hard"u8) ? new TensorSpec("hard", TensorDataType.Fp32, new TensorShape(-1, 1)) : new TensorSpec("probabilities", TensorDataType.Fp32, new TensorShape(-1, 3))],
        [],
        []);

    public static void WriteVersion(RepositoryFolder folder, string manifest, int version = 3)
    {
        folder.Write($"keyword/{version}/labels.txt", "yes\nno\nstop\n");
        folder.Write($"keyword/{version}/tiny-int8.onnx", "tiny");
        folder.Write($"keyword/{version}/large.onnx", "large");
        folder.Write($"keyword/{version}/hard.onnx", "hard");
        folder.Write($"keyword/{version}/model.yaml", manifest);
    }

    public static Task<VersionRead> ReadAsync(RepositoryFolder folder, ScanGraph? scan = null, Zone zone = Zone.Edge) =>
        new VersionReader(VariantChoices.FirstOf(zone), scan ?? Scan, new SealedFolders(folder.Data), new VersionTrust(new RepositorySettings([folder.Root], zone, folder.Data)))
            .ReadAsync(new ModelVersionKey("keyword", 3), new VersionFolderEntry(3, folder.PathOf("keyword/3"), IsLink: false), CancellationToken.None);
}
