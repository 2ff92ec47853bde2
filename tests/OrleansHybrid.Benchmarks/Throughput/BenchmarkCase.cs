using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>One request body that both servers answer.</summary>
/// <param name="HeaderLength">Length of the JSON part of a binary request; null for plain JSON.</param>
/// <param name="Target">The least ratio to the plain server that is promised.</param>
internal sealed record BenchmarkCase(string Name, string Model, byte[] Body, int? HeaderLength, double Target)
{
    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        Json("mnist JSON", "mnist", "Input3", [1, 1, 28, 28], 0.70),
        Binary("mnist binary", "mnist", "Input3", [1, 1, 28, 28], 0.70),
        Binary("squeezenet binary", "squeezenet", "data_0", [1, 3, 224, 224], 0.95),
    ];

    private static BenchmarkCase Json(string name, string model, string input, int[] shape, double target)
    {
        var numbers = string.Join(',', Values(shape).Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
        return new(name, model, Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"{{input}}","shape":[{{string.Join(',', shape)}}],"datatype":"FP32","data":[{{numbers}}]}]}"""), null, target);
    }

    private static BenchmarkCase Binary(string name, string model, string input, int[] shape, double target)
    {
        var data = MemoryMarshal.AsBytes(Values(shape).AsSpan()).ToArray();
        var head = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"{{{input}}}","shape":[{{{string.Join(',', shape)}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        return new(name, model, [.. head, .. data], head.Length, target);
    }

    /// <summary>Pixels between 0 and 1 with three decimals, the same in every run.</summary>
    private static float[] Values(int[] shape)
    {
        var random = new Random(7);
        return Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => MathF.Round(random.NextSingle(), 3)).ToArray();
    }
}
