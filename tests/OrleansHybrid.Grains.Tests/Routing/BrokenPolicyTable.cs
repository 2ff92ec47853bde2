namespace OrleansHybrid.Grains.Tests.Routing;

/// <summary>All ways to break a policy file that the tests know: through the reader, on start and on reload.</summary>
public static class BrokenPolicyTable
{
    public static IReadOnlyList<BrokenPolicy> Cases { get; } = [.. BrokenPolicyForms.Cases, .. BrokenPolicyRules.Cases, .. BrokenPolicyFiles.Cases];
}
