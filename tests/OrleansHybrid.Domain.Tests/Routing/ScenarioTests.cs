using Xunit;
using System.Runtime.CompilerServices;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>Runs each file of Scenarios: commands, a line <c>----</c>, the expected trace. REGENERATE=1 in the environment writes the traces anew; review the difference.</summary>
public class ScenarioTests
{
    private const string Separator = "----\n";

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Scenarios");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Routing", "Scenarios"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_runs_as_told(string name)
    {
        var regenerate = Environment.GetEnvironmentVariable("REGENERATE") == "1";
        var file = Path.Combine(regenerate ? Folder() : Path.Combine(AppContext.BaseDirectory, "Routing", "Scenarios"), name + ".txt");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var cut = text.IndexOf(Separator, StringComparison.Ordinal);
        var (commands, expected) = cut < 0 ? (text, "") : (text[..cut], text[(cut + Separator.Length)..]);
        var actual = Scenario.Run(commands);
        if (regenerate) File.WriteAllText(file, commands.TrimEnd('\n') + "\n" + Separator + actual);
        else Assert.Equal(expected.TrimEnd('\n'), actual.ReplaceLineEndings("\n").TrimEnd('\n'));
    }
}
