using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Texts through the engine: tokenised, grouped by length, never padded.</summary>
public sealed class EngineTextTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_unlike_length_come_back_in_their_places_and_unpadded(bool column)
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));
        string[] texts = ["the cafe", "embeddings", "", "cafe the", "the"];

        var outcome = await harness.Run([Texts(harness, column, texts)]);

        Assert.Equal("[5,3]", outcome.Outputs[0].Shape.ToString());
        EngineHarness.Holds(outcome, [.. texts.SelectMany(Expected)]);
        Assert.Equal((1, 5), (harness.Statistics().Successes, harness.Statistics().Rows));
    }

    [Fact]
    public async Task Concurrent_texts_of_one_length_share_a_run_and_others_do_not()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums(), EngineHarness.Batch(4, Long), instances: 1));
        string[] texts = ["the cafe", "cafe the", "the the", "cafe cafe", "the", "a", "i", "cafe"];

        var outcomes = await Task.WhenAll(texts.Select(t => harness.Run([Texts(harness, false, t)])));

        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(4, outcomes[i].Times.BatchSize);
            EngineHarness.Holds(outcomes[i], Expected(texts[i]));
        }

        Assert.Equal(2, harness.Statistics().Executions);
    }

    [Fact]
    public async Task Request_of_many_lengths_keeps_to_itself_under_batching()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums(), EngineHarness.Batch(8, TimeSpan.FromMilliseconds(20)), instances: 1));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => harness.Run([i % 2 == 0 ? Texts(harness, false, "the", "the cafe", "a") : Texts(harness, false, "cafe")])));

        for (var i = 0; i < outcomes.Length; i++) EngineHarness.Holds(outcomes[i], i % 2 == 0 ? [.. Expected("the"), .. Expected("the cafe"), .. Expected("a")] : Expected("cafe"));
        Assert.Equal((48, 96), (harness.Statistics().Successes, harness.Statistics().Rows));
    }

    [Fact]
    public async Task Wanted_outputs_are_given_in_their_order()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));

        EngineHarness.Holds(await harness.Run([Texts(harness, false, "the", "the cafe")], outputs: "y"), [.. Expected("the"), .. Expected("the cafe")]);
        Assert.Equal(FailureCode.BadInput, (await harness.Run([Texts(harness, false, "the")], outputs: "z")).Failure!.Code);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_refused_by_its_row()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));

        var outcome = await harness.Run([harness.Strings("text", [3], "the"u8.ToArray(), [0x61, 0x62, 0xC3, 0x28], "a"u8.ToArray())]);

        Assert.Equal((FailureCode.BadInput, "Row 1 (from 0) of input 'text' must be UTF-8 text; its byte 2 (from 0) is not. Send UTF-8."), (outcome.Failure!.Code, outcome.Failure.Message));
        Assert.Equal(1, harness.Statistics().Failures);
    }

    [Fact]
    public async Task Text_over_its_bound_is_too_large_and_one_at_it_is_cut()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));
        byte[] Of(int bytes) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a ", (bytes / 2) + 1))[..bytes]);

        var over = await harness.Run([harness.Strings("text", [2], Of(2), Of(Limits.TextBytesMax + 1))]);
        var at = await harness.Run([harness.Strings("text", [1], Of(Limits.TextBytesMax))]);

        Assert.Equal(FailureCode.TooLarge, over.Failure!.Code);
        Assert.StartsWith($"Row 1 (from 0) of input 'text' has {Limits.TextBytesMax + 1} bytes;", over.Failure.Message, StringComparison.Ordinal);
        EngineHarness.Holds(at, Expected(string.Concat(Enumerable.Repeat("a ", 14))));
    }

    [Fact]
    public async Task More_tokens_than_a_request_may_have_are_too_large()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums(Limits.TextTokensMax), maxTokens: Limits.TextTokensMax));
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a ", Limits.TextTokensMax)));

        var outcome = await harness.Run([harness.Strings("text", [129], [.. Enumerable.Repeat(text, 129)])]);

        Assert.Equal(FailureCode.TooLarge, outcome.Failure!.Code);
        Assert.StartsWith("The texts up to row 128 (from 0) of input 'text' have 1056768 tokens;", outcome.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_tensors_are_refused_before_anything_is_tokenised()
    {
        await using var harness = new EngineHarness();
        var loaded = await Load(harness, TextSample.Variant(TextSample.Sums(), EngineHarness.Batch(2)));
        async Task<string> Ask(params Tensor[] inputs) => (await harness.Run(inputs)).Failure!.Message;

        Assert.Equal(TextSample.Inputs, loaded.Inputs);
        Assert.Equal("Input 'text' holds no text. Send at least one.", await Ask(harness.Strings("text", [0])));
        Assert.Equal("Input 'text' must be BYTES; FP32 came.", await Ask(harness.Floats("text", [1], 1)));
        Assert.Equal("Input 'text' must have shape [-1]; [1,2] came.", await Ask(harness.Strings("text", [1, 2], [], [])));
        Assert.Equal("The model has no input 'input_ids'. Its inputs are: 'text' BYTES [-1].", await Ask(harness.Of("input_ids", TensorDataType.Int64, [1, 1], 1L)));
        Assert.Equal("The request has 3 rows; this model takes at most 2 (its max_batch_size). Send fewer at once.", await Ask(harness.Strings("text", [3], [], [], [])));
    }

    [Fact]
    public async Task Full_queue_refuses_and_gives_every_text_back()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums(), EngineHarness.Batch(16, Long, queue: 3), instances: 1));

        using var caller = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 8).Select(_ => harness.Run([Texts(harness, false, "the")], caller.Token)).ToArray();
        await EngineHarness.Until(() => runs.Count(r => r.IsCompleted) == 5, "five are refused");
        await caller.CancelAsync();
        var outcomes = await Task.WhenAll(runs);

        Assert.Equal(5, outcomes.Count(o => o.Failure!.Code == FailureCode.Overloaded));
        Assert.Equal(3, outcomes.Count(o => o.Failure!.Code == FailureCode.Cancelled));
    }

    [Fact]
    public async Task Deadline_that_passes_while_a_text_waits_gives_it_back()
    {
        var clock = EngineHarness.FakeClock();
        await using var harness = new EngineHarness(clock: clock);
        await Load(harness, TextSample.Variant(TextSample.Sums(), EngineHarness.Batch(16, Long)));

        var run = harness.Run([Texts(harness, false, "the")], timeLeft: TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(FailureCode.DeadlineExceeded, (await run).Failure!.Code);
    }

    [Fact]
    public async Task Requests_in_flight_finish_when_the_variant_is_unloaded()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));

        var runs = Enumerable.Range(0, 64).Select(i => harness.Run([Texts(harness, false, i % 2 == 0 ? "the cafe" : "embeddings")])).ToArray();
        Assert.True(await harness.Engine.UnloadAsync(EngineHarness.Key(), CancellationToken.None));

        foreach (var outcome in await Task.WhenAll(runs)) EngineHarness.Release(outcome);
        Assert.All(runs, r => Assert.Null(r.Result.Failure));
        Assert.Equal(FailureCode.ModelNotReady, (await harness.Run([Texts(harness, false, "the")])).Failure!.Code);
    }

    [Fact]
    public async Task Reload_while_texts_arrive_loses_none()
    {
        await using var harness = new EngineHarness();
        await Load(harness, TextSample.Variant(TextSample.Sums()));

        var asked = Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => harness.Run([Texts(harness, false, "the", "the cafe")]))));
        for (var i = 0; i < 5; i++) await Load(harness, TextSample.Variant(TextSample.Sums()));

        foreach (var outcome in await asked) EngineHarness.Holds(outcome, [.. Expected("the"), .. Expected("the cafe")]);
    }

    private static async Task<LoadedVariant> Load(EngineHarness harness, VariantToLoad variant)
    {
        var outcome = await harness.Engine.LoadAsync(variant, CancellationToken.None);
        Assert.Null(outcome.Failure);
        return outcome.Loaded!;
    }

    private static Tensor Texts(EngineHarness harness, bool column, params string[] texts) =>
        harness.Strings("text", column ? [texts.Length, 1] : [texts.Length], [.. texts.Select(Encoding.UTF8.GetBytes)]);

    private static float[] Expected(string text)
    {
        var ids = TextSample.Tokenizer().Encode(text);
        return [ids.Sum(), ids.Length, ids.Length];
    }
}
