using System.Diagnostics;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Monitoring;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>Requests and clients for the tests of this folder.</summary>
internal static class Calls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>For tests that are not about health: a machine that stalls for a second does not change what they see.</summary>
    private static readonly LinkTimings Unhurried = LinkTimings.Default with { ConnectTimeout = Patience, Silence = Patience, ProbeTimeout = Patience };

    public static OipUpstream Client(string address, TensorPool? pool = null, EgressLog? egress = null, TimeProvider? clock = null, Func<UpstreamOptions, UpstreamOptions>? change = null)
    {
        var options = new UpstreamOptions(address, "eu-west", Zone.Edge) { Seed = 7, Timings = Unhurried };
        return new OipUpstream(change?.Invoke(options) ?? options, egress ?? new EgressLog(), pool ?? new TensorPool(), clock ?? TimeProvider.System);
    }

    public static UpstreamRequest Request(TensorLease payload, PrivacyCeiling ceiling = PrivacyCeiling.Any, TimeSpan? timeLeft = null, bool sameZone = false) => new(
        "r1", "echo", 1, [new Tensor("x", TensorDataType.Uint8, new TensorShape(1, payload.Length), payload)], [], ceiling, "R01",
        0.7, 50, new Dictionary<string, string> { ["room"] = "kitchen" }, ["box-1"], "acme", timeLeft ?? Patience, sameZone);

    /// <summary>Sends some bytes, releases them the moment the call returns, and lets go of the answer.</summary>
    public static async Task<UpstreamOutcome> SendAsync(
        OipUpstream client, TensorPool pool, byte[] payload, PrivacyCeiling ceiling = PrivacyCeiling.Any, TimeSpan? timeLeft = null, bool sameZone = false, CancellationToken cancellationToken = default)
    {
        var lease = pool.Copy(payload);
        var outcome = await client.InferAsync(Request(lease, ceiling, timeLeft, sameZone), cancellationToken);
        lease.Release();
        foreach (var output in outcome.Outputs) output.Data.Release();
        return outcome;
    }

    public static Task<UpstreamOutcome> SendAsync(OipUpstream client, TimeSpan? timeLeft = null, CancellationToken cancellationToken = default) =>
        SendAsync(client, new TensorPool(), [1, 2, 3], timeLeft: timeLeft, cancellationToken: cancellationToken);

    /// <summary>Waits for a condition, with a bound that fails the test.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Waited {Patience} for: {what}");
            await Task.Delay(5);
        }
    }
}
