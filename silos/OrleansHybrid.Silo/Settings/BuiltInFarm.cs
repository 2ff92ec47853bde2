namespace OrleansHybrid.Silo.Settings;

/// <summary>What starts without any argument: central and two regions on loopback.</summary>
internal static class BuiltInFarm
{
    private const string Central = "http://127.0.0.1:8001";

    public static IReadOnlyList<SettingValues> Cells() =>
    [
        Cell("central", null, 8000, 11110, 30110),
        Cell("eu-west", Central, 8010, 11111, 30111),
        Cell("us-east", Central, 8020, 11112, 30112),
    ];

    private static SettingValues Cell(string name, string? upstream, int http, int silo, int gateway)
    {
        var values = new SettingValues();
        Add(SettingTable.Cell, name);
        if (upstream is not null) Add(SettingTable.Upstream, upstream);
        Add(SettingTable.Http, FormattableString.Invariant($"127.0.0.1:{http}"));
        Add(SettingTable.Grpc, FormattableString.Invariant($"127.0.0.1:{http + 1}"));
        Add(SettingTable.SiloPort, FormattableString.Invariant($"{silo}"));
        Add(SettingTable.GatewayPort, FormattableString.Invariant($"{gateway}"));
        Add(SettingTable.Policy, FarmPolicy.File);
        return values;

        void Add(SettingDefinition setting, string text) => values.Add(setting, new GivenValue(text, setting.Flag));
    }
}
