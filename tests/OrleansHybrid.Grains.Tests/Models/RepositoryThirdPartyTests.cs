using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Real models that nobody here made, as plain folders through the real static scan. Skipped where the folder is absent.</summary>
public class RepositoryThirdPartyTests
{
    [SkippableTheory]
    [InlineData("mnist", "Input3 FP32 [1,1,28,28]", "Plus214_Output_0 FP32 [1,10]")]
    [InlineData("mnist_batch", "Input3 FP32 [-1,1,28,28]", "Plus214_Output_0 FP32 [-1,10]")]
    [InlineData("squeezenet", "data_0 FP32 [-1,3,224,224]", "softmaxout_1 FP32 [-1,1000,1,1]")]
    [InlineData("silero_vad_16k", "input FP32 [-1,-1]; state FP32 [2,-1,128]; sr INT64 []", null)]
    [InlineData("ultraface320", "input FP32 [1,3,240,320]", null)]
    public async Task Plain_folder_is_scanned_and_handed_to_the_engine(string model, string inputs, string? outputs)
    {
        var root = FindModels();
        Skip.If(root is null, "shared/models is not beside the repository");
        using var folder = new RepositoryFolder();
        var engine = new RepositoryEngine();
        var repository = new ModelRepository(new RepositorySettings([root!], Zone.Edge, folder.Data), engine, OnnxScan.Scan);
        Assert.Null((await repository.LoadAsync(model, null, CancellationToken.None)).Failure);
        var load = Assert.Single(engine.Loads);
        var graph = OnnxScan.Scan(load.Onnx);
        Assert.Equal(inputs, Describe(graph.Inputs));
        if (outputs is not null) Assert.Equal(outputs, Describe(graph.Outputs));
        Assert.Equal(load.Onnx.Length, repository.State.Models[model].Default!.Manifest!.Variants[0].FileBytes);
    }

    private static string Describe(IReadOnlyList<TensorSpec> specs) => string.Join("; ", specs.Select(s => $"{s.Name} {s.DataType.WireName()} {s.Shape}"));

    private static string? FindModels()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "shared", "models");
            if (Directory.Exists(models)) return models;
        }

        return null;
    }
}
