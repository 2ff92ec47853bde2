using Microsoft.Extensions.Hosting;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Routing;
using StackExchange.Redis;

namespace OrleansHybrid.Client.Orleans;

/// <summary>The last step of the start: asks the cell's router something, so that a wrong name or address fails the start in words instead of warning for ever.</summary>
internal sealed class ClusterCheck(IClusterClient client, OrleansHybridClientOptions options, TimeProvider clock) : IHostedService
{
    private const string MembersKey = "/members/";
    private const int CellsNamedMax = 20;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var probe = new ExplainRequest("", null, RouteParameters.None, Caller.Anonymous, 0, new Dictionary<string, double>(), new Dictionary<string, string>());
            await client.GetRouter(options.Cell).ExplainAsync(probe, linked.Token).AsTask().WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested && (failed is OperationCanceledException || ClusterCalls.IsTrouble(failed)))
        {
            throw new HybridClusterException(await DescribeAsync().ConfigureAwait(false), failed);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What to check, with the cells that the Redis does know.</summary>
    public async Task<string> DescribeAsync()
    {
        var where = options.Redis is null ? $"the gateways {string.Join(", ", options.Gateways)}" : "its Redis";
        var told = $"The cell '{options.Cell}' did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s through {where}.";
        if (options.Redis is null) return $"{told} Check that its silos run, that these are their Orleans gateways (--gateway-port), and that Cell is their --cell: a silo of another cell refuses this client.";
        try
        {
            var cells = await CellsAsync().ConfigureAwait(false);
            if (cells.Contains(options.Cell)) return $"{told} The Redis lists it, so its silos are down or their gateway ports cannot be reached from here.";
            return cells.Count == 0 ? $"{told} That Redis lists no cell: check Redis." : $"{told} That Redis lists {string.Join(", ", cells.Select(c => $"'{c}'"))}: check Cell.";
        }
        catch (Exception unreachable) when (unreachable is RedisException or TimeoutException)
        {
            return $"{told} The Redis itself cannot be reached: check its address.";
        }
    }

    private async Task<IReadOnlyList<string>> CellsAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(OrleansHybridClientOptionsRules.Parse(options.Redis!)!).ConfigureAwait(false);
        var cells = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var server in redis.GetServers())
        {
            await foreach (var key in server.KeysAsync(pattern: "*" + MembersKey + "*").ConfigureAwait(false))
            {
                var text = key.ToString();
                cells.Add(text[(text.IndexOf(MembersKey, StringComparison.Ordinal) + MembersKey.Length)..]);
                if (cells.Count >= CellsNamedMax) return [.. cells];
            }
        }

        return [.. cells];
    }
}
