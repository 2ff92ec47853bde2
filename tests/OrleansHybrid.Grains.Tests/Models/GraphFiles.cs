using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Third-party models beside the repository, where they are present.</summary>
internal static class GraphFiles
{
    public static readonly string[] Names = ["mnist", "mnist_batch", "squeezenet", "silero_vad_16k", "ultraface320"];

    public static byte[] Read(string model)
    {
        var folder = Find();
        Skip.If(folder is null, "no folder shared/models beside this repository");
        return File.ReadAllBytes(Path.Combine(folder!, model, "1", "model.onnx"));
    }

    public static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var models = Path.Combine(at.FullName, "shared", "models");
            if (Directory.Exists(models)) return models;
        }

        return null;
    }
}
