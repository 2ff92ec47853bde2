using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

public sealed class RulesPageTests
{
    [Fact]
    public void Page_lists_every_built_in_rule() => ReferencePage.AssertHolds(
        "routing.md",
        "rules",
        [
            "| id | meaning |",
            "|---|---|",
            .. Enum.GetValues<BuiltInRule>().Select(rule => $"| `{BuiltInRules.Id(rule)}` | {BuiltInRules.Sentence(rule)} |"),
        ]);
}
