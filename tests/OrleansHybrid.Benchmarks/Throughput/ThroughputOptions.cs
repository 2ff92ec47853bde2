namespace OrleansHybrid.Benchmarks.Throughput;

/// <param name="Models">A repository that holds mnist and squeezenet.</param>
/// <param name="Silo">The built silo's executable.</param>
internal sealed record ThroughputOptions(string Models, string Silo, int Rounds, int Seconds, int Connections, string? WriteTo)
{
    public static ThroughputOptions Parse(string[] arguments)
    {
        var root = FindUp("OrleansHybrid.sln") ?? Directory.GetCurrentDirectory();
        return new ThroughputOptions(
            Value("--models") ?? SharedModels() ?? throw new InvalidOperationException("no models: say --models DIR, a repository with mnist and squeezenet"),
            Value("--silo") ?? Path.Combine(root, "silos/OrleansHybrid.Silo/bin/Release/net10.0/OrleansHybrid.Silo"),
            int.Parse(Value("--rounds") ?? "5"),
            int.Parse(Value("--seconds") ?? "5"),
            int.Parse(Value("--connections") ?? "16"),
            Value("--write"));

        string? Value(string name)
        {
            var index = Array.IndexOf(arguments, name);
            return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : null;
        }
    }

    private static string? SharedModels() =>
        FindUp(Path.Combine("shared", "models", "mnist")) is { } folder ? Path.Combine(folder, "shared", "models") : null;

    private static string? FindUp(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Path.Exists(Path.Combine(folder.FullName, relative))) folder = folder.Parent;
        return folder?.FullName;
    }
}
