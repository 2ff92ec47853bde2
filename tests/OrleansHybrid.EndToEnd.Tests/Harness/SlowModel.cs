using System.Globalization;
using System.Text.Json;
using OrleansHybrid.Grains.Tests.Models;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A repository with one model for the cloud that counts to the number it is sent, one by one: the request says how long it runs, and the answer shows that it ran.</summary>
internal static class SlowModel
{
    public const string Name = "slow";

    /// <summary>Writes the repository and returns its folder, for <c>--models</c>.</summary>
    /// <param name="zone">Where its one variant runs.</param>
    /// <param name="more">More lines of the manifest.</param>
    public static string WriteTo(TempFolder folder, string zone = "cloud", string more = "")
    {
        var repository = folder.Sub("models");
        var version = Directory.CreateDirectory(Path.Combine(repository, Name, "1")).FullName;
        File.WriteAllText(Path.Combine(version, "model.yaml"), Manifest(zone) + more + "\n");
        File.WriteAllBytes(Path.Combine(version, "only.onnx"), Graph());
        return repository;
    }

    public static string JsonOf(long times) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"inputs":[{"name":"times","datatype":"INT64","shape":[1],"data":[{{times}}]}]}""");

    public static long CountedIn(Answer answer)
    {
        using var document = JsonDocument.Parse(answer.Text);
        return document.RootElement.GetProperty("outputs")[0].GetProperty("data")[0].GetInt64();
    }

    private static string Manifest(string zone) => $$"""
        model: slow
        version: 1
        licence: Apache-2.0
        inputs:  [{ name: times, datatype: INT64, shape: [1] }]
        outputs: [{ name: counted, datatype: INT64, shape: [1] }]
        variants:
          - { name: only, file: only.onnx, zones: [{{zone}}] }

        """;

    /// <summary>INT64 throughout: FP32 stops counting at 2^24.</summary>
    private static byte[] Graph()
    {
        var body = GraphModel.New().Input("i", GraphModel.Int64).Input("go", GraphModel.Bool).Input("sum", GraphModel.Int64, 1).Initializer("one", GraphModel.Int64, [1], 1L)
            .Node("Identity", "go", "on").Node("Add", "sum one", "next").Output("on", GraphModel.Bool).Output("next", GraphModel.Int64, 1);
        return GraphModel.New().Input("times", GraphModel.Int64, 1).Initializer("zero", GraphModel.Int64, [1], 0L)
            .Node("Loop", "times _ zero", "counted", ("body", body)).Output("counted", GraphModel.Int64, 1).Build();
    }
}
