using System.Globalization;
using System.Net;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Machine;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Rules over settings that are each fine alone.</summary>
internal static class FarmRules
{
    public static void Check(FarmSettings farm, SettingErrors errors)
    {
        foreach (var cell in farm.Cells)
        {
            CheckExposure(cell, errors);
            CheckUpstream(cell, errors);
            TlsFileRules.Check(cell, farm.ClockOffset == TimeSpan.Zero ? TimeProvider.System : new OffsetClock(farm.ClockOffset), errors);
            if (farm.ClockOffset != TimeSpan.Zero && !cell.LoopbackOnly)
            {
                errors.Add(OffsetClock.Variable, $"moves the clock of cell '{cell.Cell}', which is bound beyond loopback", "Unset it: it is for tests on one machine.");
            }

            if (Failpoint.Asked is not null && !cell.LoopbackOnly)
            {
                errors.Add(Failpoint.Variable, $"would kill cell '{cell.Cell}', which is bound beyond loopback", "Unset it: it is for tests on one machine.");
            }
        }

        RefuseShared(farm, "cell", c => [c.Cell], "Give every cell its own name.", errors);
        RefuseShared(farm, "data", c => [c.Data], "Give every cell its own folder.", errors);
        RefuseShared(farm, "http, grpc, silo-port, gateway-port", Ports, "Give every cell its own ports.", errors);
    }

    private static void CheckExposure(CellSettings cell, SettingErrors errors)
    {
        if (cell.AuthRequired) return;
        foreach (var (setting, bind) in new[] { (SettingTable.Http, cell.Http), (SettingTable.Grpc, cell.Grpc) })
        {
            if (IPAddress.IsLoopback(bind.Address)) continue;
            errors.Add(setting.Flag, $"cell '{cell.Cell}' would be open on {bind} without authentication", "Set --auth required (callers then need a key), or bind to 127.0.0.1.");
        }
    }

    private static void CheckUpstream(CellSettings cell, SettingErrors errors)
    {
        if (cell.Upstream is not { Scheme: "http" } plain || cell.InsecureLinks || plain.IsLoopback) return;
        errors.Add(SettingTable.Upstream.Flag, $"cell '{cell.Cell}' would send raw input to {plain.Authority} in plain text", "Use https://, or accept the risk with --insecure-links.");
    }

    private static IEnumerable<string> Ports(CellSettings cell) =>
        new[] { cell.Http.Port, cell.Grpc.Port, cell.SiloPort, cell.GatewayPort }.Select(p => p.ToString(CultureInfo.InvariantCulture));

    private static void RefuseShared(FarmSettings farm, string where, Func<CellSettings, IEnumerable<string>> values, string remedy, SettingErrors errors)
    {
        foreach (var shared in farm.Cells.SelectMany(values).GroupBy(v => v).Where(g => g.Count() > 1))
        {
            errors.Add(where, $"'{shared.Key}' is used {shared.Count().ToString(CultureInfo.InvariantCulture)} times", remedy);
        }
    }
}
