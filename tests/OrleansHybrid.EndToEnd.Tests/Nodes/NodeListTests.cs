using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

public abstract class NodeListTests(FarmFixture fixture)
{
    private readonly TestFarm farm = fixture.Farm;

    [Fact]
    public async Task Each_cell_lists_its_own_silo_with_its_variants_and_age()
    {
        foreach (var cell in new[] { farm.Central, farm.EuWest, farm.UsEast })
        {
            JsonElement node = default;
            await Wait.Until(async () => (node = await OnlyNodeAsync(cell)).GetProperty("health").GetString() == "healthy", $"{cell.Name} to list its silo");

            Assert.Equal(cell.Node(), node.GetProperty("node").GetString());
            Assert.Equal(cell.GrpcUrl, node.GetProperty("inference_address").GetString());
            Assert.True(node.GetProperty("age_ms").GetDouble() >= 0);
            Assert.Contains(node.GetProperty("variants").EnumerateArray(), v => v.GetProperty("model").GetString() == Clips.Model);
        }
    }

    private async Task<JsonElement> OnlyNodeAsync(TestCell cell)
    {
        using var page = JsonDocument.Parse(await farm.Http.GetStringAsync($"{cell.HttpUrl}/v1/nodes"));
        var nodes = page.RootElement.GetProperty("nodes");
        return nodes.GetArrayLength() == 1 ? nodes[0].Clone() : JsonDocument.Parse("""{"health":"none"}""").RootElement;
    }
}

[Collection(OneProcess.Name)]
public sealed class NodeListInOneProcess(OneProcessFarm farm) : NodeListTests(farm);

[Collection(ThreeProcesses.Name)]
public sealed class NodeListInThreeProcesses(ThreeProcessFarm farm) : NodeListTests(farm);
