using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>A model asked as an app asks it.</summary>
public sealed class SdkTests
{
    private static readonly AudioClip Easy = Wav.FromFile(Clips.PathOf("easy.wav"));
    private static readonly AudioClip Hard = Wav.FromFile(Clips.PathOf("hard.wav"));

    [Fact]
    public async Task Answer_has_labels_provenance_and_outputs_until_it_is_disposed()
    {
        await using var device = await Device.StartAsync();

        var answer = (await device.Client.Model(Clips.Model).InferAsync(Easy, new InferOptions { TopLabels = 3, RequestId = "mine" })).OrThrow();
        var labels = answer.Labels;
        var probabilities = answer.Output("probabilities").AsSpan<float>().ToArray();
        answer.Dispose();
        answer.Dispose();

        Assert.Equal((Device.EasyLabel, Zone.Device, "phone-7", "tiny-int8"), (answer.Label, answer.Zone!.Value, answer.Cell, answer.Variant));
        Assert.Equal(3, labels.Count);
        Assert.Equal((Device.EasyLabel, probabilities.Max()), (labels[0].Label, (float)labels[0].Probability));
        Assert.True(labels[0].Probability > labels[1].Probability && labels[1].Probability >= labels[2].Probability);
        Assert.Throws<ObjectDisposedException>(() => answer.Output("probabilities").AsSpan<float>());
        Assert.StartsWith($"{Device.EasyLabel} (", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, device.Client.Pool.Leased);
    }

    [Fact]
    public async Task Outputs_are_read_as_what_they_are_or_not_at_all()
    {
        await using var device = await Device.StartAsync();
        using var answer = await device.Client.Model(Clips.Model).InferAsync(Easy);

        var wrongType = Assert.Throws<InvalidOperationException>(() => answer.Output("probabilities").AsSpan<double>());
        var noText = Assert.Throws<InvalidOperationException>(() => answer.Output("probabilities").ToStrings());
        var noOutput = Assert.Throws<KeyNotFoundException>(() => answer.Output("probability"));

        Assert.Contains("Use Single", wrongType.Message, StringComparison.Ordinal);
        Assert.Contains("not BYTES", noText.Message, StringComparison.Ordinal);
        Assert.Contains("'probabilities'", noOutput.Message, StringComparison.Ordinal);
        Assert.Equal(22, answer.Output("probabilities").Row<float>(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => answer.Output("probabilities").Row<float>(1));
    }

    [Fact]
    public async Task Several_rows_each_have_their_labels()
    {
        await using var device = await Device.StartAsync();
        byte[] both = [.. Clips.HardAudio, .. Clips.EasyAudio];

        using var answer = (await device.Client.Model(Clips.Model).InferAsync(ModelInput.Of<short>(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(both).ToArray()), new InferOptions { Mode = RouteMode.OnlyOnDevice })).OrThrow();

        Assert.Equal(Device.EasyLabel, answer.LabelsOf(1, 1).Single().Label);
        Assert.NotEqual(answer.LabelsOf(0, 1), answer.LabelsOf(1, 1));
        Assert.Empty(answer.LabelsOf(2, 1));
    }

    [Fact]
    public async Task Failures_are_values_with_a_code_a_sentence_and_a_throw_for_those_who_want_one()
    {
        await using var device = await Device.StartAsync();
        var model = device.Client.Model(Clips.Model);

        using var noModel = await device.Client.Model("keywort").InferAsync(Easy);
        using var noVersion = await model.InferAsync(Easy, new InferOptions { Version = 9 });
        using var noZone = await model.InferAsync(Easy, new InferOptions { Mode = RouteMode.OnlyInCloud });
        using var badInput = await model.InferAsync(ModelInput.Of<float>(new float[16_000]));
        using var badFloor = await model.InferAsync(Easy, new InferOptions { ConfidenceFloor = double.NaN });
        using var late = await model.InferAsync(Easy, new InferOptions { Deadline = TimeSpan.Zero });

        Assert.Equal(
            [FailureCode.ModelNotFound, FailureCode.VersionNotFound, FailureCode.NoEligibleZone, FailureCode.BadInput, FailureCode.BadInput, FailureCode.DeadlineExceeded],
            new[] { noModel, noVersion, noZone, badInput, badFloor, late }.Select(a => a.Failure!.Code));
        Assert.Contains("keyword", noModel.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("INT16; Single came", badInput.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureCode.NoEligibleZone, Assert.Throws<HybridException>(noZone.OrThrow).Failure.Code);
        Assert.True(noZone is { IsSuccess: false, Label: null, Zone: null, Labels.Count: 0, Outputs.Count: 0 });
        Assert.Equal(0, device.Client.Pool.Leased);
    }

    [Fact]
    public async Task Options_of_a_call_reach_the_plan_and_the_cell_above()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);
        var options = new InferOptions
        {
            Mode = RouteMode.PreferInCloud,
            Privacy = PrivacyCeiling.Any,
            LatencyTarget = TimeSpan.FromMilliseconds(150.2),
            MaxCostMicrousd = 1000,
            ConfidenceFloor = 0.5,
            Tags = new Dictionary<string, string> { ["room"] = "hall" },
            Deadline = Wait.Long,
            Explain = true,
            RequestId = "mine",
        };

        using var answer = (await device.Client.Model(Clips.Model).InferAsync(Easy, options)).OrThrow();

        Assert.Equal((CellAbove.Label, Zone.Cloud), (answer.Label, answer.Zone!.Value));
        Assert.Contains("\"latency_target_ms\":151", answer.Plan, StringComparison.Ordinal);
        Assert.Contains(answer.Explanation, s => s.StartsWith("cloud (chosen, rule mode): ", StringComparison.Ordinal));
        var sent = Assert.Single(above.Requests);
        Assert.Equal(("mine", "hall", 0.5), (sent.Id, sent.Parameters["tag_room"].StringParam, sent.Parameters["confidence_floor"].DoubleParam));
    }

    [Fact]
    public async Task Plan_can_be_had_without_asking()
    {
        await using var device = await Device.StartAsync();
        var model = device.Client.Model(Clips.Model);

        var plan = await model.ExplainAsync(new InferOptions { Mode = RouteMode.PreferInCloud }, 32_000);
        var wrong = await model.ExplainAsync(assume: new Dictionary<string, string> { ["cloud"] = "sideways" });

        Assert.Contains(plan.Sentences, s => s.StartsWith("cloud (excluded, rule unlinked): ", StringComparison.Ordinal));
        Assert.Equal(FailureCode.BadInput, wrong.Failure?.Code);
        Assert.Empty(wrong.Sentences);
    }

    [Fact]
    public async Task Default_mode_is_that_of_calls_without_one_and_only_on_device_probes_nothing()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address, o => o with { DefaultMode = RouteMode.OnlyOnDevice });
        var model = device.Client.Model(Clips.Model);

        using var unsure = await model.InferAsync(Hard);
        Assert.Equal((Zone.Device, LinkHealth.Unknown, 0), (unsure.Zone, device.Client.Link!.Health, above.Probes));

        using var asked = await model.InferAsync(Easy, new InferOptions { Mode = RouteMode.PreferInCloud });
        Assert.Equal(Zone.Cloud, asked.Zone);
    }

    [Fact]
    public async Task Input_may_be_changed_as_soon_as_the_call_returned()
    {
        await using var device = await Device.StartAsync();
        var samples = Easy.Samples.ToArray().Select(s => (short)(s * 32768)).ToArray();

        var call = device.Client.Model(Clips.Model).InferAsync(ModelInput.Of<short>(samples));
        samples.AsSpan().Clear();
        using var answer = await call;

        Assert.Equal(Device.EasyLabel, answer.Label);
    }
}
