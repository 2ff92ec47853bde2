using StackExchange.Redis;

namespace OrleansHybrid.Client.Orleans;

/// <summary>Says in words why a cell does not answer.</summary>
internal static class ClusterTrouble
{
    private const string MembersKey = "/members/";
    private const int CellsNamedMax = 20;

    /// <summary>What to check, with the cells that the Redis does know.</summary>
    public static async Task<string> DescribeAsync(OrleansHybridClientOptions options)
    {
        var where = options.Redis is null ? $"the gateways {string.Join(", ", options.Gateways)}" : "its Redis";
        var told = $"The cell '{options.Cell}' did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s through {where}.";
        if (options.Redis is null) return $"{told} Check that its silos run, that these are their Orleans gateways (--gateway-port), and that Cell is their --cell: a silo of another cell refuses this client.";
        try
        {
            var cells = await CellsAsync(options).ConfigureAwait(false);
            if (cells.Contains(options.Cell)) return $"{told} The Redis lists it, so its silos are down or their gateway ports cannot be reached from here.";
            return cells.Count == 0 ? $"{told} That Redis lists no cell: check Redis." : $"{told} That Redis lists {string.Join(", ", cells.Select(c => $"'{c}'"))}: check Cell.";
        }
        catch (Exception unreachable) when (unreachable is RedisException or TimeoutException)
        {
            return $"{told} The Redis itself cannot be reached: check its address.";
        }
    }

    private static async Task<IReadOnlyList<string>> CellsAsync(OrleansHybridClientOptions options)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(OrleansHybridClientOptionsRules.Parse(options.Redis!)!).ConfigureAwait(false);
        var cells = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var server in redis.GetServers())
        {
            await foreach (var key in server.KeysAsync(pattern: "*" + MembersKey + "*").ConfigureAwait(false))
            {
                // A client that looks for a name makes its table, with a version row alone; a cell has a row for each silo too.
                if (await redis.GetDatabase().HashLengthAsync(key).ConfigureAwait(false) <= 1) continue;
                var text = key.ToString();
                cells.Add(text[(text.IndexOf(MembersKey, StringComparison.Ordinal) + MembersKey.Length)..]);
                if (cells.Count >= CellsNamedMax) return [.. cells];
            }
        }

        return [.. cells];
    }
}
