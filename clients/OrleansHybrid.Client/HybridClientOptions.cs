using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Client;

/// <summary>What a device app says about itself, its models and the cell above it. Read once, when the client is made.</summary>
public sealed record HybridClientOptions
{
    public HybridClientOptions() { }

    /// <param name="models">See <see cref="Models"/>.</param>
    /// <param name="data">See <see cref="Data"/>.</param>
    public HybridClientOptions(IReadOnlyList<string> models, string data) => (Models, Data) = (models, data);

    /// <summary>Folders in the layout <c>model/version/</c>; each must be there.</summary>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>This client's own folder, made when missing (0700). One client at a time. <c>.hybrid/device</c> under the current folder unless said otherwise.</summary>
    public string Data { get; set; } = Path.Combine(".hybrid", "device");

    /// <summary><c>http(s)://host:port</c> of the gRPC port of the cell above, or of any Open Inference Protocol server; null: this device is alone.</summary>
    public string? Upstream { get; set; }

    /// <summary>The zone of <see cref="Upstream"/>. Cloud until said otherwise, so that input with an <c>edge</c> ceiling goes only where somebody vouched for; what the server states can only raise it.</summary>
    public Zone UpstreamZone { get; set; } = Zone.Cloud;

    /// <summary>Sent to the upstream as <c>Authorization: Bearer</c>; null: none.</summary>
    public string? Credential { get; set; }

    /// <summary>Allows plain text to an upstream beyond loopback.</summary>
    public bool InsecureLinks { get; set; }

    /// <summary>By whom an https upstream is believed, and what is shown to it: <see cref="LinkTlsFiles.Open"/> reads it from PEM files. Null: the system's authorities, and nothing. The caller disposes of it after the client.</summary>
    public LinkTls? UpstreamTls { get; set; }

    /// <summary>This device's name, in the provenance of its answers and among the hops of what it sends up. 1 to <see cref="Limits.NameCharsMax"/> characters.</summary>
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>The mode of a request that names none. With <see cref="RouteMode.OnlyOnDevice"/> the client opens no socket of its own accord: neither a probe nor a question for the policy.</summary>
    public RouteMode? DefaultMode { get; set; }

    /// <summary>Asks the cell above for its policy and keeps it: see <see cref="HybridClient.Policy"/>. Off: <see cref="Policy"/> holds.</summary>
    public bool FollowPolicy { get; set; } = true;

    /// <summary>What holds until a policy was fetched or found in <see cref="Data"/>.</summary>
    public CompiledPolicy Policy { get; set; } = CompiledPolicy.Empty;

    /// <summary>Pause between two questions for the policy, each ± 20 %. <see cref="Limits.DevicePolicyIntervalMin"/> or more.</summary>
    public TimeSpan PolicyInterval { get; set; } = Limits.DevicePolicyInterval;

    /// <summary>A variant whose run takes longer at the median on this machine is replaced by the next of its version, when there is one. Zero: never. 0 to <see cref="Limits.DeadlineMax"/>.</summary>
    public TimeSpan VariantLatencyMax { get; set; }

    /// <summary>Memory that models may take, in bytes; null: what the machine (or its container) has. A variant that declares more is passed over. Where it is given, it bounds what is in memory too: the least recently used variant leaves for another, and is loaded again when it is asked.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>Charge of the battery in [0, 100]; null: mains, or unknown. Asked whenever the snapshot is rebuilt: must be quick and must not throw.</summary>
    public Func<int?> BatteryPercent { get; set; } = static () => null;

    /// <summary>Whether bytes over the link cost the user money or volume: large input is then answered here, unless the mode asks otherwise. Asked whenever the snapshot is rebuilt: must be quick and must not throw.</summary>
    public Func<bool> MeteredLink { get; set; } = static () => false;

    /// <summary>The key (32 bytes) that deferred requests are encrypted with, from the system's keychain say; null: one in <see cref="Data"/>, which protects no copy of that folder.</summary>
    public Func<ReadOnlyMemory<byte>>? DeferralKey { get; set; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Spreads what many devices do on an interval; null: from <see cref="Node"/>.</summary>
    public int? Seed { get; set; }

    /// <summary>Told what a developer may want to know and what is no error, one sentence each, from any thread.</summary>
    public Action<string>? Notice { get; set; }

    /// <summary>Models that a node's bundle store fills, beside <see cref="Models"/>, which may then be empty; null: none.</summary>
    internal ManagedModels? Managed { get; init; }

    /// <summary>Reads the probes of versions before they serve; null: they are not asked.</summary>
    internal IProbeReader? Probes { get; init; }

    internal void Note(string sentence) => Notice?.Invoke(sentence);

    internal int SeedOrDefault => Seed ?? StringComparer.Ordinal.GetHashCode(Node);

    /// <summary>Nothing is opened before a request asks for another zone.</summary>
    internal bool IsQuiet => DefaultMode == RouteMode.OnlyOnDevice;
}
