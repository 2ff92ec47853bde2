using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Json;
using OrleansHybrid.Grains;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Bundles;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The cell's engine and model repository, loaded and warmed up before the ports open.</summary>
internal static class CellModels
{
    public static WebApplicationBuilder AddCellModels(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton(new TensorPool());
        builder.Services.AddSingleton<IProbeReader>(s => new ProbeReader(s.GetRequiredService<TensorPool>()));
        builder.Services.AddSingleton(s => new BundleStore(
            new BundleStoreSettings(Path.Combine(cell.Data, "bundles"), Trusted(s), s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)) { Notice = Noter(s) }));
        builder.Services.AddSingleton<IBlobReader>(s => s.GetRequiredService<BundleStore>().Blobs).AddSingleton<BundleCollector>();
        builder.Services.AddSingleton(s => new ActivationGate(s.GetRequiredService<BundleStore>(), cell.Zone));
        // Before the models: they are read from what this puts right.
        builder.Services.AddHostedService<BundleStart>();
        builder.Services.AddSingleton(s => Engine(cell, s));
        builder.Services.AddSingleton<IInferenceEngine>(s => s.GetRequiredService<ResidentEngine>());
        builder.Services.AddSingleton<ResidencyMetrics>();
        builder.Services.AddSingleton(s => new ModelRepository(Settings(cell, s), s.GetRequiredService<IInferenceEngine>(), OnnxScan.Scan));
        builder.Services.AddSingleton<IModelRepository>(s => s.GetRequiredService<ModelRepository>());
        builder.Services.AddSingleton<ModelStart>().AddHostedService(s => s.GetRequiredService<ModelStart>());
        return builder;
    }

    private static ResidentEngine Engine(CellSettings cell, IServiceProvider services)
    {
        var settings = new EngineSettings { MemoryBudgetBytes = cell.ModelMemoryBytes, IdleUnloadAfter = cell.ModelIdle };
        var (clock, note) = (services.GetRequiredKeyedService<TimeProvider>(HybridClock.Key), Noter(services));
        return new ResidentEngine(new OnnxInferenceEngine(settings, services.GetRequiredService<TensorPool>(), clock, note), settings, clock, note);
    }

    private static RepositorySettings Settings(CellSettings cell, IServiceProvider services) =>
        new(cell.Models, cell.Zone, cell.Data) { Notice = Noter(services), Managed = Managed(services), Choose = services.GetRequiredService<ActivationGate>().Choose, Probes = services.GetRequiredService<IProbeReader>(), Trusted = Trusted(services), RequireSignature = cell.TrustSigned };

    private static ManagedRepository Managed(IServiceProvider services)
    {
        var store = services.GetRequiredService<BundleStore>();
        return new ManagedRepository(store.RepositoryRoot) { Sizes = store.SizesOf, WhyNot = services.GetRequiredService<ActivationGate>().WhyNot };
    }

    /// <summary>The publishers' keys, where the cell has registered how to read them; else nobody is trusted.</summary>
    private static Func<IReadOnlyList<PublisherKey>> Trusted(IServiceProvider services) => services.GetService<Func<IReadOnlyList<PublisherKey>>>() ?? (static () => []);

    /// <summary>What an operator may want to know of models goes to the log.</summary>
    private static Action<string> Noter(IServiceProvider services)
    {
        var log = services.GetRequiredService<ILogger<ModelStart>>();
        return text => log.LogInformation("{Notice}", text);
    }
}
