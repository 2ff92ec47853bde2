namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Finds things of the source tree from the folder the tests run in.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    public static string SampleModels { get; } = System.IO.Path.Combine(Path, "models");

    /// <summary>The program as it was built, in the same configuration as the tests.</summary>
    public static string SiloProgram { get; } = System.IO.Path.Combine(
        Path, "silos", "OrleansHybrid.Silo", "bin", Configuration, "net10.0", "OrleansHybrid.Silo.dll");

    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OrleansHybrid.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No OrleansHybrid.sln above {start}.");
    }
}
