using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;
using OrleansHybrid.Silo.Store;
using OrleansHybrid.Silo.Tls;
using StackExchange.Redis;

namespace OrleansHybrid.Silo.Cells;

/// <summary>One running cell: its folder, its store and its host with a container of its own. Cells that share a process share no object.</summary>
internal sealed class CellHost : IAsyncDisposable
{
    private static readonly TimeSpan LinkPoll = TimeSpan.FromMilliseconds(10);
    private readonly DataFolder data;
    private readonly StoreConnection store;
    private readonly WebApplication app;
    private bool abandoned;

    private CellHost(CellSettings settings, DataFolder data, StoreConnection store, WebApplication app)
    {
        Settings = settings;
        this.data = data;
        this.store = store;
        this.app = app;
    }

    public CellSettings Settings { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Order: the folder's lock, the ports, the store, then the silo and Kestrel. What was opened is closed again when a later step fails.</summary>
    /// <param name="instead">Puts other services in place of the cell's own.</param>
    public static async Task<CellHost> StartAsync(CellSettings cell, ProcessShare share, TimeProvider clock, CancellationToken cancellationToken, Action<IServiceCollection>? instead = null)
    {
        var data = DataFolder.Take(cell.Data);
        StoreConnection? store = null;
        WebApplication? app = null;
        try
        {
            CellPorts.RefuseTaken(cell);
            store = await StoreConnection.OpenAsync(cell, data, cancellationToken);
            app = Build(cell, share, data, store, clock, instead);
            await app.StartAsync(cancellationToken);
            await ReadKeysAsync(app);
            app.Services.GetRequiredService<CellState>().Started();
            return new CellHost(cell, data, store, app);
        }
        catch (Exception failed)
        {
            if (app is not null) await app.DisposeAsync();
            store?.Dispose();
            data.Dispose();
            if (Explain(failed, cell) is { } failure) throw failure;
            throw;
        }
    }

    /// <summary>Begins to probe the link to the cell above and waits, with a bound, for the first verdict: a name and a round trip, or that it is down. A region starts either way.</summary>
    /// <param name="aboveIsHere">The cell above runs in this process and is ready, so a first probe that fails (its code is not compiled yet) is not the verdict.</param>
    public async Task TryLinkAsync(bool aboveIsHere, TimeProvider clock)
    {
        if (app.Services.GetRequiredService<UpstreamDirectory>().Above is not { } above) return;
        above.Start();
        using var bound = new CancellationTokenSource(aboveIsHere ? Limits.LinkCooldownMax : Limits.LinkConnectMax + Limits.LinkProbeMax, clock);
        while (!Settled(above.State.Health, aboveIsHere) && !bound.IsCancellationRequested) await Task.Delay(LinkPoll, clock);
        app.Services.GetRequiredService<SnapshotPublisher>().Publish();
    }

    /// <summary>Readiness goes off first, then requests in flight finish (at most <see cref="Limits.DrainMax"/>), then the silo leaves its cluster (at most <see cref="Limits.SiloStopMax"/>).</summary>
    /// <returns>False when the silo could not leave in time, because its store hangs: the others of the cluster will find it dead.</returns>
    public async Task<bool> StopAsync()
    {
        var state = app.Services.GetRequiredService<CellState>();
        state.StartDraining();
        var stopping = app.StopAsync(CancellationToken.None);
        await Task.WhenAny(stopping, state.Drained);
        try
        {
            await stopping.WaitAsync(Limits.SiloStopMax, TimeProvider.System);
            return true;
        }
        catch (TimeoutException)
        {
            app.Logger.LogWarning("The silo did not leave its cluster within {Bound}: its store does not answer. The process ends without.", Limits.SiloStopMax);
            abandoned = true;
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What still waits for a hung store would be waited for again here; the end of the process frees it.
        if (abandoned) return;
        await app.DisposeAsync();
        store.Dispose();
        data.Dispose();
    }

    /// <summary>A cell that says ready knows its callers. It starts without them when its keys cannot be read for long, and lets no API key in until they are.</summary>
    private static async Task ReadKeysAsync(WebApplication app)
    {
        var read = app.Services.GetRequiredService<ApiKeyRing>().FirstRead;
        if (await Task.WhenAny(read, Task.Delay(Limits.ApiKeyFirstReadMax, TimeProvider.System)) == read) return;
        app.Logger.LogWarning("The cell's API keys could not be read within {Bound}; requests with one are refused until they are.", Limits.ApiKeyFirstReadMax);
    }

    private static bool Settled(LinkHealth health, bool aboveIsHere) => aboveIsHere ? health == LinkHealth.Up : health != LinkHealth.Unknown;

    /// <summary>What only shows while starting: a port taken since it was tried, a store that stopped answering. Null for a bug, which keeps its stack.</summary>
    private static StartFailure? Explain(Exception failed, CellSettings cell) => failed switch
    {
        IOException { InnerException: AddressInUseException } => new StartFailure($"--http or --grpc: cell '{cell.Cell}' cannot listen on {cell.Http} or {cell.Grpc}: the port is taken. Stop what uses it, or give another."),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => new StartFailure($"--silo-port or --gateway-port: cell '{cell.Cell}' cannot listen on {cell.SiloPort} or {cell.GatewayPort}: the port is taken. Stop what uses it, or give another."),
        RedisException or TimeoutException => new StartFailure($"--store: the store of cell '{cell.Cell}' stopped answering while the cell started. See that it runs, and start again."),
        _ => null,
    };

    private static WebApplication Build(CellSettings cell, ProcessShare share, DataFolder data, StoreConnection store, TimeProvider clock, Action<IServiceCollection>? instead)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(CellHost).Assembly.GetName().Name });
        builder.Services.AddSingleton(TimeProvider.System).AddKeyedSingleton(HybridClock.Key, clock);
        builder.Services.AddSingleton(cell).AddSingleton(share).AddSingleton(data).AddSingleton<CellState>();
        builder.Services.AddRouting().AddSingleton<IHostLifetime, FarmLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Limits.DrainMax);
        var tls = CellTls.Open(cell, clock);
        builder.Services.AddSingleton(_ => tls).AddSingleton<TlsMetrics>();
        builder.AddOrleansHybrid(cell, store, tls);
        instead?.Invoke(builder.Services);
        var app = builder.Build();
        app.Services.GetRequiredService<CellTls>().Notes.Attach(app.Services.GetRequiredService<ILogger<CellTls>>());
        return app.MapOrleansHybrid(cell);
    }
}

/// <param name="Cells">Cells that run in this process: what belongs to the process as a whole, its CPU time say, is theirs in even parts.</param>
internal sealed record ProcessShare(int Cells);

/// <summary>The farm handles signals for all cells of the process, so a cell's host listens to none.</summary>
internal sealed class FarmLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
