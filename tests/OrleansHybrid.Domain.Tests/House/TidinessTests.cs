using System.Text.RegularExpressions;
using Xunit;

namespace OrleansHybrid.Domain.Tests.House;

/// <summary>The root stays as clean as the day it was made, files stay small, nothing is left undone.</summary>
public sealed partial class TidinessTests
{
    private const int LinesMax = 400;

    private static readonly string[] RootFiles =
    [
        ".editorconfig", ".gitattributes", ".gitignore", "BannedSymbols.txt", "CHANGELOG.md", "Directory.Build.props", "Directory.Packages.props",
        "LICENSE", "OrleansHybrid.sln", "README.md", "docker-compose.yml", "global.json",
    ];

    private static readonly string[] RootFolders = [".ci", "charts", "clients", "docs", "grains", "models", "silos", "tests"];

    private static IEnumerable<string> Code => Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".py", StringComparison.Ordinal));

    [Fact]
    public void Root_holds_what_was_agreed_and_nothing_else()
    {
        // A worktree has a file named .git where a clone has a folder.
        Assert.Empty(Checkout.Files.Where(f => !f.Contains('/')).Except([.. RootFiles, ".git"]));
        Assert.Empty(Checkout.Files.Where(f => f.Contains('/')).Select(f => f.Split('/')[0]).Distinct().Except(RootFolders));
    }

    [Fact]
    public void Code_files_are_no_longer_than_a_head_holds() =>
        Assert.Empty(Code.Select(f => (f, lines: Checkout.Read(f).Count(c => c == '\n'))).Where(x => x.lines > LinesMax).Select(x => $"{x.f} has {x.lines} lines"));

    [Fact]
    public void Nothing_is_left_undone() =>
        Assert.DoesNotContain(Code.Where(f => !f.Contains("/House/", StringComparison.Ordinal)), f => Undone().IsMatch(Checkout.Read(f)));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Checkout.Read("OrleansHybrid.sln").Replace('\\', '/');

        Assert.All(
            Checkout.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("models/", StringComparison.Ordinal)),
            f => Assert.Contains(f, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_are_stated_in_one_place() =>
        Assert.DoesNotContain(
            Checkout.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("models/", StringComparison.Ordinal)),
            f => Regex.IsMatch(Checkout.Read(f), "<PackageReference[^>]*Version="));

    [Fact]
    public void Program_stays_a_table_of_contents() =>
        Assert.InRange(Checkout.Read("silos/OrleansHybrid.Silo/Program.cs").Count(c => c == '\n'), 1, 39);

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Undone();
}
