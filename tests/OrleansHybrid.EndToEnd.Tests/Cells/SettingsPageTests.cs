using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Settings;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

public sealed class SettingsPageTests
{
    [Fact]
    public void Page_lists_every_setting_as_the_program_knows_it() => ReferencePage.AssertHolds(
        "settings.md",
        "settings",
        [
            "| setting | environment | value | default | meaning |",
            "|---|---|---|---|---|",
            .. SettingTable.All.Select(s => $"| `{s.Flag}` | `{s.Variable}` | {(s.IsSwitch ? "" : $"`{s.Value}`")} | {s.Default.Replace("<", "\\<", StringComparison.Ordinal)} | {s.Help} |"),
        ]);
}
