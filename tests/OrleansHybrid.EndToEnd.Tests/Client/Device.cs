using System.Text.Json;
using OrleansHybrid.Client;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client;

/// <summary>A client over the sample models in a folder of its own, with short ways to ask it. Every lease must be back when it goes.</summary>
internal sealed class Device : IAsyncDisposable
{
    private readonly TempFolder data;

    /// <summary>What the easy clip says: the models' pipeline chooses the clip and writes it down.</summary>
    public static string EasyLabel { get; } = ReadEasyLabel();

    private Device(TempFolder data, HybridClient client) => (this.data, Client) = (data, client);

    public HybridClient Client { get; }

    /// <param name="upstream">The address of the cell above; null: alone.</param>
    public static async Task<Device> StartAsync(string? upstream = null, Func<HybridClientOptions, HybridClientOptions>? change = null)
    {
        var data = new TempFolder();
        var options = new HybridClientOptions([RepositoryRoot.SampleModels], data.Sub("state")) { Upstream = upstream, Node = "phone-7" };
        var client = await HybridClient.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None);
        return new Device(data, client);
    }

    /// <summary>Asks for a spoken command and lets go of every lease.</summary>
    public async Task<InferenceResult> AskAsync(byte[] audio, RouteMode? mode = null, PrivacyCeiling? privacy = null)
    {
        using var lease = Client.Pool.Copy(audio);
        var input = new Tensor("audio", TensorDataType.Int16, new TensorShape(1, Clips.Samples), lease);
        var request = new InferenceRequest("r1", Clips.Model, null, [input], [], Parameters(mode, privacy), Caller.Anonymous, Wait.Long);
        var result = await Client.InferAsync(request, CancellationToken.None);
        foreach (var output in result.Response?.Outputs ?? []) output.Data.Release();
        return result;
    }

    /// <summary>An answer; a failure fails the test.</summary>
    public async Task<InferenceResponse> AnswerAsync(byte[] audio, RouteMode? mode = null, PrivacyCeiling? privacy = null)
    {
        var result = await AskAsync(audio, mode, privacy);
        Assert.Null(result.Failure);
        return result.Response!;
    }

    /// <summary>What the plan says of a zone.</summary>
    public async Task<JsonElement> ExplainAsync(string zone, RouteMode? mode = null, PrivacyCeiling? privacy = null, params (string Key, string Value)[] assume)
    {
        var request = new ExplainRequest(
            Clips.Model, null, Parameters(mode, privacy), Caller.Anonymous, Clips.Samples * 2, new Dictionary<string, double>(), assume.ToDictionary(a => a.Key, a => a.Value));
        var result = await Client.ExplainAsync(request, CancellationToken.None);
        Assert.Null(result.Failure);
        using var plan = JsonDocument.Parse(result.PlanJson!);
        return plan.RootElement.GetProperty("zones").EnumerateArray().Single(z => z.GetProperty("zone").GetString() == zone).Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        data.Dispose();
        Assert.Equal(0, Client.Pool.Leased);
    }

    private static RouteParameters Parameters(RouteMode? mode, PrivacyCeiling? privacy) => RouteParameters.None with { Mode = mode, Privacy = privacy };

    private static string ReadEasyLabel()
    {
        using var examples = JsonDocument.Parse(File.ReadAllBytes(Clips.PathOf("examples.json")));
        return examples.RootElement.GetProperty("easy").GetProperty("label").GetString()!;
    }
}
