using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Client.Policies;

/// <summary>Runs a policy's tests without a cell, for a team's own CI: the same reader and the same planner as in the router.</summary>
/// <example>
/// <code>
/// var report = await PolicyTests.RunFilesAsync("policy.yaml", "policy.tests.yaml", "models");
/// Assert.True(report.Passed, report.ToString());
/// </code>
/// </example>
public static class PolicyTests
{
    /// <param name="policyFile">The policy, in YAML.</param>
    /// <param name="testsFile">Its tests, in YAML.</param>
    /// <param name="modelsFolder">A model repository: the manifests say which variant is for which zone, and how fast it is.</param>
    /// <returns>A report that did not pass when a file has errors: it lists them all.</returns>
    public static async Task<PolicyTestReport> RunFilesAsync(string policyFile, string testsFile, string modelsFolder, CancellationToken cancellationToken = default)
    {
        var policy = PolicyReader.Read(await ReadAsync(policyFile, cancellationToken), policyFile);
        var tests = PolicyTestReader.Read(await ReadAsync(testsFile, cancellationToken), testsFile);
        var (manifests, broken) = await RepositoryManifests.ReadAsync(modelsFolder, cancellationToken);
        return policy.Policy is { } compiled && tests.Tests is { } cases && broken.Count == 0
            ? new PolicyTestReport(PolicyTestRunner.Run(compiled, cases, manifests), [])
            : new PolicyTestReport([], [.. policy.Lines, .. tests.Lines, .. broken]);
    }

    /// <summary>One byte over the bound at most, which the readers refuse.</summary>
    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var bytes = new byte[Math.Min(stream.Length, Limits.ManifestBytesMax + 1)];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes[..length];
    }
}
