using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Runs when no other test does: it measures the whole process.</summary>
[Collection(nameof(EngineMemoryTests))]
[CollectionDefinition(nameof(EngineMemoryTests), DisableParallelization = true)]
public sealed class EngineMemoryTests
{
    [SkippableFact]
    public async Task Memory_stays_flat_over_loads_and_unloads()
    {
        // A session that stayed would keep its 5 MB of weights and what it runs in, fifty times over: 250 MB at least. What the allocator keeps in its arenas comes to less.
        const long growthMaxMib = 128;
        var squeezenet = GraphFiles.Read("squeezenet");
        await using var harness = new EngineHarness();
        async Task Cycle(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await harness.Load(squeezenet);
                await harness.Engine.UnloadAsync(EngineHarness.Key(), default);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        await Cycle(10);
        var before = Environment.WorkingSet;
        await Cycle(50);

        Assert.InRange((Environment.WorkingSet - before) >> 20, long.MinValue, growthMaxMib);
    }
}
