using System.Runtime.Versioning;
using Xunit;

// Whole processes are stopped, killed and drained by POSIX signals.
[assembly: UnsupportedOSPlatform("windows")]

// Each test starts processes of its own: more at once would measure the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A farm shared by the tests of a collection, which leave it as they found it.</summary>
public abstract class FarmFixture(FarmShape shape) : IAsyncLifetime
{
    private TestFarm? farm;

    internal TestFarm Farm => farm!;

    public async Task InitializeAsync() => farm = await TestFarm.StartAsync(shape);

    public async Task DisposeAsync()
    {
        if (farm is not null) await farm.DisposeAsync();
    }
}

public sealed class OneProcessFarm() : FarmFixture(FarmShape.OneProcess);

public sealed class ThreeProcessFarm() : FarmFixture(FarmShape.ThreeProcesses);

[CollectionDefinition(Name)]
public sealed class OneProcess : ICollectionFixture<OneProcessFarm>
{
    public const string Name = "farm in one process";
}

[CollectionDefinition(Name)]
public sealed class ThreeProcesses : ICollectionFixture<ThreeProcessFarm>
{
    public const string Name = "farm in three processes";
}
