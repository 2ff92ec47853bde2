using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Client;

/// <summary>What a device app says about itself, its models and the cell above it.</summary>
/// <param name="Models">Folders in the layout <c>model/version/</c>; each must be there.</param>
/// <param name="Data">This client's own folder, made when missing (0700). One client at a time.</param>
public sealed record HybridClientOptions(IReadOnlyList<string> Models, string Data)
{
    /// <summary><c>http(s)://host:port</c> of the gRPC port of the cell above, or of any Open Inference Protocol server; null: this device is alone.</summary>
    public string? Upstream { get; init; }

    /// <summary>The zone of <see cref="Upstream"/>. Cloud until said otherwise, so that input with an <c>edge</c> ceiling goes only where somebody vouched for; what the server states can only raise it.</summary>
    public Zone UpstreamZone { get; init; } = Zone.Cloud;

    /// <summary>Sent to the upstream as <c>Authorization: Bearer</c>; null: none.</summary>
    public string? Credential { get; init; }

    /// <summary>Allows plain text to an upstream beyond loopback.</summary>
    public bool InsecureLinks { get; init; }

    /// <summary>This device's name, in the provenance of its answers and among the hops of what it sends up. 1 to <see cref="Limits.NameCharsMax"/> characters.</summary>
    public string Node { get; init; } = Environment.MachineName;

    public CompiledPolicy Policy { get; init; } = CompiledPolicy.Empty;

    /// <summary>Charge of the battery in [0, 100]; null: mains, or unknown. Asked whenever the snapshot is rebuilt: must be quick and must not throw.</summary>
    public Func<int?> BatteryPercent { get; init; } = static () => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told what a developer may want to know and what is no error, one sentence each, from any thread.</summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>Every error, each with the setting and the remedy.</summary>
    internal IReadOnlyList<string> Check()
    {
        var errors = new List<string>();
        if (Models.Count == 0) errors.Add("Models: expected at least one folder with models; came none.");
        errors.AddRange(Models.Where(m => !Directory.Exists(m)).Select(m => $"Models: expected a folder that is there; came '{m}'. Create it, or correct the path."));
        if (string.IsNullOrWhiteSpace(Data)) errors.Add("Data: expected a folder of this client's own; came nothing. Give one that the app may write.");
        if (Node.Length is 0 or > Limits.NameCharsMax || Node.Any(c => c is <= ' ' or > '~' or ',')) errors.Add($"Node: expected 1 to {Limits.NameCharsMax} printable ASCII characters without spaces and commas; came '{Node}'. Give the device such a name.");
        if (Upstream is not null && UpstreamAddress.Parse(Upstream, InsecureLinks, out var error) is null) errors.Add($"Upstream: {error}");
        return errors;
    }
}
