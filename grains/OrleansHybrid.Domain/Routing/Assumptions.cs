using System.Globalization;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A state of the farm that an explanation assumes instead of the one it is in.</summary>
/// <param name="Down">Zones taken as unreachable, a bit each.</param>
/// <param name="Slow">Zones taken as too slow for any latency target, a bit each.</param>
/// <param name="Up">Zones whose links are taken as healthy, a bit each.</param>
internal readonly record struct Assumptions(int Down, int Slow, int Up, int? BatteryPercent, double? Hard)
{
    private const string Allowed = "Allowed are device, edge and cloud with 'down', 'slow' or 'up', and battery_percent with a whole number from 0 to 100.";

    public static Assumptions None => default;

    /// <summary>The signals that are assumed.</summary>
    public RequestSignals Signals => Hard is { } hard ? new(hard, HardSource.Request) : default;

    public bool IsDown(Zone zone) => (Down >> (int)zone & 1) != 0;

    public bool IsSlow(Zone zone) => (Slow >> (int)zone & 1) != 0;

    /// <summary>Reads what an explanation asks to assume; an unknown key or value is refused, never ignored.</summary>
    public static InferenceFailure? Read(ExplainRequest request, out Assumptions assumed)
    {
        assumed = None;
        foreach (var (key, value) in request.Assume)
        {
            if (!assumed.TryAdd(key, value, out assumed)) return Refuse($"assume: '{key}: {value}' is not known. {Allowed}");
        }

        foreach (var (key, value) in request.Signals)
        {
            if (key != "hard" || !(value is >= 0 and <= 1)) return Refuse($"signals: '{key}: {value.ToString(CultureInfo.InvariantCulture)}' is not known. Allowed is hard with a number in [0, 1].");
            assumed = assumed with { Hard = value };
        }

        return null;
    }

    /// <summary>Inputs with healthy links where a zone is assumed to be up, and the assumed charge.</summary>
    public SnapshotInputs ApplyTo(SnapshotInputs inputs)
    {
        var up = Up;
        return inputs with
        {
            BatteryPercent = BatteryPercent ?? inputs.BatteryPercent,
            Upstreams = up == 0 ? inputs.Upstreams : [.. inputs.Upstreams.Select(s => (up >> (int)s.Zone & 1) == 0 ? s : s with { Health = LinkHealth.Up })],
        };
    }

    private bool TryAdd(string key, string value, out Assumptions next)
    {
        next = this;
        if (key == "battery_percent")
        {
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent > 100) return false;
            next = this with { BatteryPercent = percent };
            return true;
        }

        if (!Zones.TryParse(key, out var zone)) return false;
        var bit = 1 << (int)zone;
        switch (value)
        {
            case "down": next = this with { Down = Down | bit }; return true;
            case "slow": next = this with { Slow = Slow | bit }; return true;
            case "up": next = this with { Up = Up | bit }; return true;
            default: return false;
        }
    }

    private static InferenceFailure Refuse(string message) => new(FailureCode.BadInput, message);
}
