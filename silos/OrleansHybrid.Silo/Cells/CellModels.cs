using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The cell's engine and model repository, loaded and warmed up before the ports open.</summary>
internal static class CellModels
{
    public static WebApplicationBuilder AddCellModels(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton(new TensorPool());
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
        new(cell.Models, cell.Zone, cell.Data) { Notice = Noter(services) };

    /// <summary>What an operator may want to know of models goes to the log.</summary>
    private static Action<string> Noter(IServiceProvider services)
    {
        var log = services.GetRequiredService<ILogger<ModelStart>>();
        return text => log.LogInformation("{Notice}", text);
    }
}
