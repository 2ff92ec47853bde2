using OrleansHybrid.Inference.Graph;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Real files, damaged in seeded ways: reading and judging never throws.</summary>
public sealed class GraphFuzzTests
{
    private const int RoundsPerFile = 2000;

    public static TheoryData<string> Models => new(["mnist", "mnist_batch", "silero_vad_16k", "ultraface320"]);

    [SkippableTheory, MemberData(nameof(Models))]
    public void Damaged_real_file_never_throws(string model)
    {

        var file = GraphFiles.Read(model);
        var random = new Random(20_001);
        int refused = 0, read = 0;
        for (var round = 0; round < RoundsPerFile; round++)
        {
            var result = OnnxGraphReader.Read(Damage(file, random));
            if (result.Summary is { } graph) read += GraphRules.Check(graph).Count >= 0 ? 1 : 0;
            else refused += Assert.Single(result.Errors).Length > 0 ? 1 : 0;
        }

        Assert.True(refused > 0, "no damage was noticed");
        Assert.Equal(RoundsPerFile, refused + read);
    }

    [Fact]
    public void Damaged_small_file_never_throws()
    {
        var body = GraphModel.New().Input("i", GraphModel.Int64).Input("c", GraphModel.Bool).Input("v", GraphModel.Float, 2)
            .Node("Identity", "c", "c2").Node("Div", "v v", "v2").Output("c2", GraphModel.Bool).Output("v2", GraphModel.Float, 2);
        var file = GraphModel.New().Input("x", GraphModel.Float, "N").Initializer("n", GraphModel.Int64, [], 5L)
            .Node("Loop", "n _ x", "y", ("body", body)).Node("my", "F", "y", "z")
            .Function("my", "F", "a", "b", GraphModel.NodeMessage("", "Relu", "a", "b")).Opset("my", 1).Output("z", GraphModel.Float, "N").Build();
        Assert.Empty(GraphRules.Check(OnnxGraphReader.Read(file).Summary!));

        var random = new Random(7);
        for (var round = 0; round < 60_000; round++)
        {
            if (OnnxGraphReader.Read(Damage(file, random)).Summary is { } graph) GraphRules.Check(graph);
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(11);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            OnnxGraphReader.Read(bytes);
        }
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var copy = random.Next(4) == 0 ? file.AsSpan(0, random.Next(file.Length)).ToArray() : (byte[])file.Clone();
        for (var i = random.Next(1, 8); i > 0 && copy.Length > 0; i--)
        {
            var at = random.Next(3) == 0 ? random.Next(copy.Length) : random.Next(Math.Min(copy.Length, 4096));
            copy[at] = random.Next(4) switch
            {
                0 => (byte)random.Next(256),
                1 => 0xFF,
                2 => 0x80,
                _ => (byte)(copy[at] ^ (1 << random.Next(8))),
            };
        }

        return copy;
    }
}
