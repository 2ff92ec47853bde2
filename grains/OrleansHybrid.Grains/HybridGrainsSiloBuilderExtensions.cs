using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Models;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains;

public static class HybridGrainsSiloBuilderExtensions
{
    /// <summary>The grains of a cell with the services that drive them, and <see cref="IInferenceService"/> for the gateway beside them.</summary>
    /// <remarks>
    /// The caller registers <see cref="IInferenceEngine"/>, <see cref="IModelRepository"/> and <see cref="IUpstreamDirectory"/>, a default grain storage,
    /// and as many more <see cref="IRequestObserver"/>s as it likes.
    /// </remarks>
    public static ISiloBuilder AddHybridGrains(this ISiloBuilder silo, HybridGrainsOptions options)
    {
        silo.Configure<SiloOptions>(o => o.SiloName = options.Node);
        silo.Services.AddHybridContracts();
        silo.Services.AddSingleton(options);
        silo.Services.TryAddKeyedSingleton(HybridClock.Key, TimeProvider.System);
        AddRouting(silo.Services);
        AddFleet(silo.Services);
        AddCounters(silo.Services);
        AddKeys(silo.Services);
        silo.Services.AddLedger();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloDuties>();
        return silo;
    }

    private static void AddRouting(IServiceCollection services)
    {
        services.AddSingleton<PolicyHolder>();
        services.AddSingleton<PressureMeter>();
        services.AddSingleton<SnapshotPublisher>();
        services.AddSingleton<ISnapshotSource>(p => p.GetRequiredService<SnapshotPublisher>());
        services.AddSingleton<CallerTokens>();
        services.AddSingleton<CompositeRequestObserver>();
        services.AddSingleton(p => new RequestRunner(
            p.GetRequiredService<IInferenceEngine>(),
            p.GetRequiredService<IUpstreamDirectory>(),
            p.GetRequiredService<CompositeRequestObserver>(),
            p.GetRequiredKeyedService<TimeProvider>(HybridClock.Key),
            p.GetRequiredService<IQuotaMeter>()));
        services.TryAddSingleton<ISiloInference, SiloInference>();
        services.AddSingleton<IInferenceService, GrainInferenceService>();
    }

    private static void AddFleet(IServiceCollection services)
    {
        services.AddSingleton<PeerDirectory>();
        services.AddSingleton<CheckInBatcher>();
        services.AddSingleton<NodeReporter>();
        services.TryAddSingleton<IDesiredStateSource, NothingDesired>();
        services.TryAddSingleton<IManagedVersions, NoManagedVersions>();
        services.TryAddSingleton<IRegionUplink, NothingAbove>();
        services.TryAddSingleton<IEnrolmentTrust, NoPublishers>();
        services.AddSingleton<RegionReporter>();
        services.AddSingleton<FleetTrustRing>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FleetTrustDuty>();
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ApiKeyDuty>();
    }

    private static void AddCounters(IServiceCollection services)
    {
        services.AddSingleton(p => new VariantLoadMeter(p.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)));
        services.AddSingleton<IRequestObserver>(p => p.GetRequiredService<VariantLoadMeter>());
        services.AddSingleton(p => new AboveLoadMeter(p.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)));
        services.AddSingleton<IRequestObserver>(p => p.GetRequiredService<AboveLoadMeter>());
        services.AddSingleton<VersionCounterRecorder>();
        services.AddSingleton<IRequestObserver>(p => p.GetRequiredService<VersionCounterRecorder>());
    }
}
