using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The cell's engine and model repository, loaded and warmed up before the ports open.</summary>
internal static class CellModels
{
    public static WebApplicationBuilder AddCellModels(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton(new TensorPool());
        builder.Services.AddSingleton<IInferenceEngine>(s => new OnnxInferenceEngine(
            new EngineSettings(),
            s.GetRequiredService<TensorPool>(),
            s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key),
            Noter(s)));
        builder.Services.AddSingleton(s => new ModelRepository(Settings(cell, s), s.GetRequiredService<IInferenceEngine>(), OnnxScan.Scan));
        builder.Services.AddSingleton<IModelRepository>(s => s.GetRequiredService<ModelRepository>());
        builder.Services.AddSingleton<ModelStart>().AddHostedService(s => s.GetRequiredService<ModelStart>());
        return builder;
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
