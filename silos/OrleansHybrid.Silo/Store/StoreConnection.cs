using System.Net.Sockets;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;
using StackExchange.Redis;

namespace OrleansHybrid.Silo.Store;

/// <summary>A cell's open store: the embedded one that it owns, or a Redis that answered.</summary>
internal sealed class StoreConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private readonly EmbeddedStore? embedded;
    private readonly string? socket;
    private readonly Func<ConfigurationOptions> configuration;

    private StoreConnection(EmbeddedStore? embedded, string? socket, Func<ConfigurationOptions> configuration)
    {
        this.socket = socket;
        this.embedded = embedded;
        this.configuration = configuration;
    }

    /// <summary>A fresh copy at each call: a client changes what it is given.</summary>
    public ConfigurationOptions Configuration => configuration();

    public static Task<StoreConnection> OpenAsync(CellSettings cell, DataFolder data, CancellationToken cancellationToken) =>
        cell.Store.Redis is { } redis
            ? OpenRedisAsync(redis)
            : Task.Factory.StartNew(() => OpenEmbedded(data), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        embedded?.Dispose();
        if (socket is not null) RuntimeFolder.Remove(socket);
    }

    private static StoreConnection OpenEmbedded(DataFolder data)
    {
        var socket = RuntimeFolder.SocketFor(data.Path);
        return new StoreConnection(EmbeddedStore.Start(data.Store, socket), socket, () => Options(o => o.EndPoints.Add(new UnixDomainSocketEndPoint(socket))));
    }

    private static async Task<StoreConnection> OpenRedisAsync(RedisAddress redis)
    {
        ConfigurationOptions Configure() => Options(o =>
        {
            o.EndPoints.Add(redis.Host, redis.Port);
            o.User = redis.User.Length > 0 ? redis.User : null;
            o.Password = redis.Password.Length > 0 ? redis.Password : null;
        });

        try
        {
            await using var probe = await ConnectionMultiplexer.ConnectAsync(Configure());
            await probe.GetDatabase().PingAsync();
        }
        catch (Exception unreachable) when (unreachable is RedisException or TimeoutException or SocketException)
        {
            throw new StartFailure($"--store: {redis} did not answer within {ConnectTimeout.TotalSeconds:0} s. Start Redis there, correct the address or password, or leave --store out to use the embedded store.");
        }

        return new StoreConnection(null, null, Configure);
    }

    private static ConfigurationOptions Options(Action<ConfigurationOptions> address)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds,
        };
        address(options);
        return options;
    }
}
