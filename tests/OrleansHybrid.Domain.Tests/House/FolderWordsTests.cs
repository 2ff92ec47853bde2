using Xunit;

namespace OrleansHybrid.Domain.Tests.House;

/// <summary>A word of the design leads to its rooms: the same folder names in Domain, Contracts, Grains and the tests.</summary>
public sealed class FolderWordsTests
{
    private static readonly string[] Words = ["Routing", "Models", "Nodes", "Rollouts", "Drift", "Ledger", "Bundles", "Privacy", "Tensors", "Documents", "Audit"];

    [Theory]
    [InlineData("grains/OrleansHybrid.Domain")]
    [InlineData("grains/OrleansHybrid.Contracts")]
    [InlineData("grains/OrleansHybrid.Grains")]
    public void Folders_are_words_of_the_design(string project) => Assert.Empty(FoldersOf(project).Except(Words).Except(["Properties"]));

    [Theory]
    [InlineData("grains/OrleansHybrid.Contracts")]
    [InlineData("grains/OrleansHybrid.Grains")]
    public void Folders_follow_those_of_the_domain(string project) => Assert.Empty(FoldersOf(project).Except(FoldersOf("grains/OrleansHybrid.Domain")).Except(["Properties"]));

    [Theory]
    [InlineData("tests/OrleansHybrid.Domain.Tests", "House")]
    [InlineData("tests/OrleansHybrid.Grains.Tests", "Harness")]
    public void Tests_stand_in_the_folder_of_what_they_test(string project, string besides) => Assert.Empty(FoldersOf(project).Except(Words).Except([besides]));

    private static HashSet<string> FoldersOf(string project) =>
        Checkout.Files.Where(f => f.StartsWith(project + "/", StringComparison.Ordinal))
            .Select(f => f[(project.Length + 1)..].Split('/'))
            .Where(parts => parts.Length > 1)
            .Select(parts => parts[0]).ToHashSet();
}
