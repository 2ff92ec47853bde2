using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Yaml;

namespace OrleansHybrid.Inference.Repository;

/// <summary>A model's version policy as its folder states it, or errors.</summary>
internal sealed record ModelConfigReading(VersionPolicy Policy, IReadOnlyList<string> Errors)
{
    public static async Task<ModelConfigReading> ReadAsync(ModelFolder folder, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(folder.Path, RepositoryFolders.ConfigFile));
        if (!file.Exists || file.Length == 0) return new(VersionPolicy.Default, []);
        if (file.LinkTarget is not null) return Failed($"{file.Name}: expected a file; came a link. Copy the file itself into the model's folder.");
        if (file.Length > Limits.ManifestBytesMax) return Failed($"{file.Name}: expected at most {Limits.ManifestBytesMax} bytes; came {file.Length}. Keep data out of this file.");
        try
        {
            var errors = new ErrorList();
            var policy = ModelConfigReader.Read(await File.ReadAllBytesAsync(file.FullName, cancellationToken), errors);
            return new(policy, errors.Render(file.Name));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Failed($"{file.Name}: expected a file that can be read; came {failed.GetType().Name}. Check its owner and mode.");
        }
    }

    private static ModelConfigReading Failed(string error) => new(VersionPolicy.Default, [error]);
}
