using OrleansHybrid.Client.Policies;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>The farm's own policy keeps what its tests say, as any team's CI would check its own.</summary>
public sealed class FarmPolicyTests
{
    private static readonly string Policies = Path.Combine(Path.GetDirectoryName(RepositoryRoot.SiloProgram)!, "policies");

    [Fact]
    public async Task Farm_policy_passes_its_tests()
    {
        var report = await PolicyTests.RunFilesAsync(Path.Combine(Policies, "farm-default.yaml"), Path.Combine(Policies, "farm-default.tests.yaml"), RepositoryRoot.SampleModels);
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public async Task Report_of_files_with_errors_lists_them_all()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Sub("p.yaml"), "policy: p\n");
        await File.WriteAllTextAsync(folder.Sub("t.yaml"), "tests: [{ name: a, given: {}, expect: {} }]\n");
        var report = await PolicyTests.RunFilesAsync(folder.Sub("p.yaml"), folder.Sub("t.yaml"), RepositoryRoot.SampleModels);
        Assert.False(report.Passed);
        Assert.Equal(3, report.Errors.Count);
        Assert.Contains("tests[0].given.model: expected the key; came none.", report.ToString(), StringComparison.Ordinal);
    }
}
