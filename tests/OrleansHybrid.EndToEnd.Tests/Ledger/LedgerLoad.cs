using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

/// <summary>One request of the load and what became of it; no answer: it was lost with its cell, and nobody knows how far it came.</summary>
internal sealed record LedgerCall(TestCell Cell, string Tenant, string Model, Answer? Answer)
{
    /// <summary>Bytes of the raw input of one request.</summary>
    public long InputBytes => Model == LedgerLoad.Vibration ? LedgerLoad.VibrationBytes : Clips.Samples * sizeof(short);
}

/// <summary>A mixed load over all cells of a farm: tenants with keys and without, two models, JSON and raw binary, easy, hard, private and refused requests.</summary>
internal sealed class LedgerLoad(TestFarm farm)
{
    public const string Vibration = "vibration";
    public const long VibrationBytes = ((256 * 3) + 1) * sizeof(float);
    public static readonly string[] Tenants = ["acme", "globex", "default"];

    private static readonly string VibrationJson = JsonSerializer.Serialize(new
    {
        inputs = new object[]
        {
            new { name = "window", datatype = "FP32", shape = new[] { 1, 256, 3 }, data = new float[256 * 3] },
            new { name = "rated_rpm", datatype = "FP32", shape = new[] { 1, 1 }, data = new[] { 1500f } },
        },
    });

    private readonly Dictionary<(string Cell, string Tenant), string> keys = [];
    private readonly ConcurrentBag<LedgerCall> calls = [];
    private int answered;

    public IReadOnlyCollection<LedgerCall> Calls => calls;

    public int Answered => Volatile.Read(ref answered);

    /// <summary>A key for each tenant in each cell; the tenant default sends none.</summary>
    public async Task MakeKeysAsync()
    {
        foreach (var cell in new[] { farm.Central, farm.EuWest, farm.UsEast })
        {
            foreach (var tenant in Tenants.Where(t => t != "default"))
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{cell.HttpUrl}/v1/keys")
                {
                    Content = new StringContent(JsonSerializer.Serialize(new { tenant, roles = new[] { "infer" } }), Encoding.UTF8, "application/json"),
                };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", farm.OperatorKeyOf(cell));
                using var answer = await farm.Http.SendAsync(request);
                using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                keys[(cell.Name, tenant)] = made.RootElement.GetProperty("key").GetString()!;
            }
        }
    }

    /// <summary>Sends requests until so many were answered.</summary>
    public async Task RunAsync(int wanted, int callers)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Answered < wanted) await SendAsync(Interlocked.Increment(ref next));
        })));
    }

    /// <summary>The mix repeats every 60 requests: three in five to eu-west, one in four to us-east, the rest to central.</summary>
    private async Task SendAsync(int index)
    {
        var cell = (index % 20) switch { < 12 => farm.EuWest, < 17 => farm.UsEast, _ => farm.Central };
        var tenant = Tenants[index / 20 % Tenants.Length];
        var model = index % 7 == 6 ? Vibration : Clips.Model;
        Answer? answer = null;
        try
        {
            answer = await AskAsync(cell, tenant, model, index);
        }
        catch (HttpRequestException)
        {
            // The cell is being killed: wait for it, so that a cell that is down is not asked over and over.
        }

        // A silo that has not read its keys yet turns callers away before anything of the request is looked at.
        if (answer is { Status: HttpStatusCode.Unauthorized }) return;
        calls.Add(new LedgerCall(cell, tenant, model, answer));
        if (answer is not null) Interlocked.Increment(ref answered);
        else await Wait.Until(async () => await IsUpAsync(cell), $"{cell.Name} to be back");
    }

    private async Task<Answer> AskAsync(TestCell cell, string tenant, string model, int index)
    {
        var headers = new List<(string, string)>();
        if (keys.TryGetValue((cell.Name, tenant), out var key)) headers.Add(("Authorization", "Bearer " + key));
        if (index % 50 == 49) headers.Add(("hybrid-privacy", "device"));
        else if (index % 11 == 10) headers.Add(("hybrid-privacy", "edge"));
        if (index % 13 == 12) headers.Add(("hybrid-mode", "PREFER_IN_CLOUD"));
        if (model == Clips.Model && index % 3 > 0) return await farm.Http.InferRawAsync(cell, index % 3 == 1 ? Clips.HardAudio : Clips.EasyAudio, model, [.. headers]);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{cell.HttpUrl}/v2/models/{model}/infer")
        {
            Content = new StringContent(model == Vibration ? VibrationJson : Clips.EasyJson, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var answer = await farm.Http.SendAsync(request);
        return Answer.FromJson(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<bool> IsUpAsync(TestCell cell)
    {
        try
        {
            using var answer = await farm.Http.GetAsync($"{cell.HttpUrl}/v2/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
