using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Records;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Records;

/// <summary>What this silo remembers of its requests: each crossing of raw input, and routing decisions. In <c>records</c> of its data folder.</summary>
internal static class CellRecords
{
    public static WebApplicationBuilder AddCellRecords(this WebApplicationBuilder builder, CellSettings cell)
    {
        var folder = Path.Combine(cell.Data, "records");
        builder.Services.AddSingleton(s => new EgressLog(folder, Clock(s), Noter(s))).AddSingleton<IEgressLog>(s => s.GetRequiredService<EgressLog>());
        builder.Services.AddSingleton(s => new RecordLog<DecisionRecord>(Decisions(folder, s), static r => r.At, Clock(s)));
        builder.Services.AddSingleton<DecisionRecorder>().AddSingleton<IRequestObserver>(s => s.GetRequiredService<DecisionRecorder>());
        builder.Services.AddSingleton<RecordMetrics>();
        return builder;
    }

    private static RecordLogOptions Decisions(string folder, IServiceProvider services) =>
        new("decisions", folder, Limits.DecisionRecordsMax, Limits.DecisionBytesMax, Limits.DecisionAgeMax) { Notice = Noter(services) };

    private static TimeProvider Clock(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(HybridClock.Key);

    private static Action<string> Noter(IServiceProvider services)
    {
        var log = services.GetRequiredService<ILogger<RecordMetrics>>();
        return text => log.LogWarning("{Notice}", text);
    }
}
