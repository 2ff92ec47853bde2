using OrleansHybrid.Grains.Tests.Bundles;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>What this assembly does as a process of its own: the part of a test that is killed.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["bundle-script", var folder]) return 64;
        using var script = BundleScript.Open(folder);
        await script.RunAsync();
        return 0;
    }
}
