using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Client.Tour;

/// <summary>An empty console project outside the checkout that took the SDK from a folder of packages, with the sample models beside it.</summary>
internal sealed class ConsoleApp : IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>Of the packages of this checkout; other packages are found where the machine has them.</summary>
    private IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = folder.Sub("restored"),
        ["RestoreFallbackFolders"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    public string Project => folder.Sub("tour");

    public string Program => Path.Combine(Project, "bin", "Release", "net10.0", "tour.dll");

    /// <summary>Where it is run: the models are here, and its state comes to be.</summary>
    public string RunFolder => folder.Sub("run");

    public string Sub(string name) => folder.Sub(name);

    public static async Task<ConsoleApp> MakeAsync()
    {
        var app = new ConsoleApp();
        await app.DotnetAsync("pack", "-c", RepositoryRoot.Configuration, "--no-build", Path.Combine(RepositoryRoot.Path, "clients", "OrleansHybrid.Client"), "-o", app.folder.Sub("packages"));
        await app.DotnetAsync("new", "console", "-o", app.Project, "--no-restore");
        await app.DotnetAsync("add", app.Project, "package", "OrleansHybrid.Client", "--version", "0.1.0", "--no-restore");
        CopyModels(Path.Combine(app.RunFolder, "models"));
        return app;
    }

    /// <summary>Builds it with another program.</summary>
    public Task BuildAsync(string program)
    {
        File.WriteAllText(Path.Combine(Project, "Program.cs"), program);
        return DotnetAsync("build", "-c", "Release", Project, $"-p:RestoreAdditionalProjectSources={folder.Sub("packages")}");
    }

    /// <summary>Its lines.</summary>
    public async Task<string[]> RunAsync() => (await Command.RunAsync("dotnet", RunFolder, [Program])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => folder.Dispose();

    private Task<string> DotnetAsync(params string[] arguments) => Command.RunAsync("dotnet", folder.Path, arguments, Environment);

    private static void CopyModels(string to)
    {
        foreach (var sub in new[] { "keyword/1", "clips" })
        {
            var target = Directory.CreateDirectory(Path.Combine(to, sub)).FullName;
            foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.SampleModels, sub))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
