using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Tests.Models;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>A model that takes text and gives a vector for each: four numbers that tell two words and everything else apart.</summary>
internal static class TextModel
{
    public const string Name = "toy-embed";

    private const string Manifest = """
        model: toy-embed
        version: 1
        licence: Apache-2.0
        inputs:  [{ name: text, datatype: BYTES, shape: [-1] }]
        outputs: [{ name: embedding, datatype: FP32, shape: [-1, 4] }]
        batching: { max_batch_size: 3 }
        variants:
          - { name: only, file: only.onnx, zones: [device] }
        """;

    /// <summary>Writes the repository and returns its folder.</summary>
    public static string WriteTo(TempFolder folder)
    {
        var repository = folder.Sub("text-models");
        var version = Directory.CreateDirectory(Path.Combine(repository, Name, "1")).FullName;
        File.WriteAllText(Path.Combine(version, "model.yaml"), Manifest);
        File.WriteAllBytes(Path.Combine(version, "only.onnx"), Graph());
        return repository;
    }

    /// <summary>A label encoder from text to a row's number, and a table of rows.</summary>
    private static byte[] Graph() => GraphModel.New()
        .Input("text", GraphModel.String, "N")
        .Initializer("table", GraphModel.Float, [3, 4], 1f, 0f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 0f, 1f, 0.5f)
        .Node("ai.onnx.ml", "LabelEncoder", "text", "row", ("keys_strings", new[] { "cat", "dog" }), ("values_int64s", new[] { 0L, 1L }), ("default_int64", 2L))
        .Node("Gather", "table row", "embedding")
        .Opset("ai.onnx.ml", 2)
        .Output("embedding", GraphModel.Float, "N", 4)
        .Build();
}
