using Orleans.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A cell of one or more silos in this process, with a clock that only the test moves: nothing periodic runs by itself after the start.</summary>
internal sealed class TestCell : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;

    private readonly ISiloInference? inference;

    private TestCell(InProcessTestCluster cluster, FakeTimeProvider clock, ISiloInference? inference) =>
        (this.cluster, Clock, this.inference) = (cluster, clock, inference);

    public FakeTimeProvider Clock { get; }

    /// <summary>A client outside the silos: its calls are serialised.</summary>
    public IClusterClient Client => cluster.Client;

    public IReadOnlyList<string> Nodes => cluster.Silos.Select(s => s.Name).ToArray();

    /// <param name="later">How much later than other cells its clock begins. A clock that is moved so far instead would tick every timer of the cell ten times for each second.</param>
    public static async Task<TestCell> StartAsync(ISiloInference? inference = null, short silos = 1, IGrainStorage? storage = null, TimeSpan later = default)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + later);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) => Configure(silo, options.SiloName, clock, inference, storage));
        builder.ConfigureClient(client => client.Services.AddHybridContracts());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCell(cluster, clock, inference);
    }

    /// <summary>A service of one silo.</summary>
    public T Service<T>(int silo = 0) where T : notnull => cluster.Silos[silo].ServiceProvider.GetRequiredService<T>();

    public StubEngine Engine(int silo = 0) => (StubEngine)Service<IInferenceEngine>(silo);

    public StubRepository Repository(int silo = 0) => (StubRepository)Service<IModelRepository>(silo);

    /// <summary>Ends the grain's activation; the next call makes another from what is stored.</summary>
    public Task DeactivateAsync(IAddressable grain) => cluster.DeactivateAsync(grain);

    public Task StopSiloAsync(int silo) => cluster.StopSiloAsync(cluster.Silos[silo]);

    public ValueTask DisposeAsync()
    {
        // Calls that still wait would hold up the silo's stop, and with it the report of a test that failed.
        (inference as GatedInference)?.Open();
        return cluster.DisposeAsync();
    }

    private static void Configure(ISiloBuilder silo, string node, TimeProvider clock, ISiloInference? inference, IGrainStorage? storage)
    {
        silo.Services.AddKeyedSingleton(HybridClock.Key, clock);
        silo.Services.AddSingleton<IInferenceEngine>(new StubEngine { State = Sample.Engine(Sample.Variant) });
        silo.Services.AddSingleton<IModelRepository>(new StubRepository());
        silo.Services.AddSingleton<IUpstreamDirectory>(new NoUpstreams());
        if (inference is not null) silo.Services.AddSingleton(inference);
        if (storage is not null) silo.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (_, _) => storage);
        else silo.AddMemoryGrainStorageAsDefault(storage => storage.Configure<Serializer>((o, serializer) => o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer))); // As the product keeps state.
        silo.AddHybridGrains(new HybridGrainsOptions(Sample.Cell, Zone.Edge, node, $"http://{node}:1"));
    }
}
