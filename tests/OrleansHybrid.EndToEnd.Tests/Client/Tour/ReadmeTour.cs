using System.Text.RegularExpressions;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Client.Tour;

/// <summary>The device tour as the README has it.</summary>
internal static partial class ReadmeTour
{
    private const string Heading = "## On the device";
    private static readonly string[] Programs = [.. CodeBlock().Matches(Section()).Select(m => m.Groups[1].Value)];

    /// <summary>An answer from the device, one from the edge, one from the cloud.</summary>
    public static string ThreeZones => Programs[0];

    /// <summary>A client that answers on the device alone.</summary>
    public static string OnlyOnDevice => Programs[1];

    private static string Section()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
        var start = readme.IndexOf(Heading, StringComparison.Ordinal);
        var end = readme.IndexOf("\n## ", start + Heading.Length, StringComparison.Ordinal);
        return readme[start..end];
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
