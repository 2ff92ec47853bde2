using System.Text;
using System.Text.Json;

namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>A fleet as it was planned.</summary>
public sealed record FleetPlan(FleetScenario Scenario, IReadOnlyList<NodePlan> Nodes)
{
    /// <summary>One line of JSON a node: the same text for the same plan.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var node in Nodes) text.Append(JsonSerializer.Serialize(node)).Append('\n');
        return text.ToString();
    }
}
