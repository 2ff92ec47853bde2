using OrleansHybrid.Domain;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Client;

/// <summary>What options must be. Every error at once, each with the setting and the remedy.</summary>
internal static class HybridClientOptionsRules
{
    public static IReadOnlyList<string> Check(HybridClientOptions options)
    {
        var errors = new List<string>();
        CheckFolders(options, errors);
        CheckNames(options, errors);
        CheckRanges(options, errors);
        return errors;
    }

    private static void CheckFolders(HybridClientOptions options, List<string> errors)
    {
        if (options.Models is not { Count: > 0 } && (options.Models is null || options.Managed is null)) errors.Add("Models: expected at least one folder with models; came none. Give the folder that holds model/version/.");
        else errors.AddRange(options.Models.Where(m => !Directory.Exists(m)).Select(m => $"Models: expected a folder that is there; came '{m}'. Create it, or correct the path."));
        if (string.IsNullOrWhiteSpace(options.Data)) errors.Add("Data: expected a folder of this client's own; came nothing. Give one that the app may write.");
    }

    private static void CheckNames(HybridClientOptions options, List<string> errors)
    {
        if (options.Node is not { Length: > 0 and <= Limits.NameCharsMax } || options.Node.Any(c => c is <= ' ' or > '~' or ','))
        {
            errors.Add($"Node: expected 1 to {Limits.NameCharsMax} printable ASCII characters without spaces and commas; came '{options.Node}'. Give the device such a name.");
        }

        if (options.Upstream is not null && UpstreamAddress.Parse(options.Upstream, options.InsecureLinks, out var error) is null) errors.Add($"Upstream: {error}");
        if (options.Upstream is not null && options.UpstreamZone == Zone.Device) errors.Add("UpstreamZone: expected edge or cloud; came device. Say where the server above stands.");
    }

    private static void CheckRanges(HybridClientOptions options, List<string> errors)
    {
        if (options.PolicyInterval < Limits.DevicePolicyIntervalMin) errors.Add($"PolicyInterval: expected {Limits.DevicePolicyIntervalMin} or more; came {options.PolicyInterval}. Ask the cell less often.");
        if (options.VariantLatencyMax < TimeSpan.Zero || options.VariantLatencyMax > Limits.DeadlineMax) errors.Add($"VariantLatencyMax: expected 0 to {Limits.DeadlineMax}; came {options.VariantLatencyMax}. Give what the app can wait, or 0.");
        if (options.MemoryBytes is <= 0) errors.Add($"MemoryBytes: expected more than 0; came {options.MemoryBytes}. Leave it out to use what the machine has.");
        if (options.Clock is null) errors.Add("Clock: expected a TimeProvider; came null. Leave it out to use the system's.");
        if (options.BatteryPercent is null) errors.Add("BatteryPercent: expected a function; came null. Leave it out where there is no battery.");
        if (options.Policy is null) errors.Add("Policy: expected a policy; came null. Leave it out for none.");
    }
}
