using System.Globalization;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <param name="Write">A folder for the page's figures; null: they are printed alone.</param>
/// <param name="Window">Of each count of the store's commands.</param>
internal sealed record FleetOptions(IReadOnlyList<int> Nodes, int Rounds, TimeSpan Round, TimeSpan Curve, TimeSpan Window, int Channels, int InFlight, string Silo, string Models, string? Write, IReadOnlyList<string> Parts)
{
    public const string Usage = "fleet [--nodes 500,5000] [--parts rate,counts,memory] [--rounds 5] [--seconds 5] [--window 40] [--curve-minutes 6] [--channels 4] [--in-flight 256] [--write FOLDER]";

    public static FleetOptions Parse(string[] arguments)
    {
        var root = Root();
        return new FleetOptions(
            [.. (Value("--nodes") ?? "500,5000").Split(',').Select(Number)], Number(Value("--rounds") ?? "5"), TimeSpan.FromSeconds(Number(Value("--seconds") ?? "5")), TimeSpan.FromMinutes(Number(Value("--curve-minutes") ?? "6")),
            TimeSpan.FromSeconds(Number(Value("--window") ?? "40")), Number(Value("--channels") ?? "4"), Number(Value("--in-flight") ?? "256"),
            Path.Combine(root, "silos/OrleansHybrid.Silo/bin/Release/net10.0/OrleansHybrid.Silo"), Path.Combine(root, "models"), Value("--write"), (Value("--parts") ?? "rate,counts,memory").Split(','));

        string? Value(string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansHybrid.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Run it from a checkout: no OrleansHybrid.sln is above the program.");
    }
}
