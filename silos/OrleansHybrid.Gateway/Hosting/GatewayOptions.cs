using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>What one gateway says about itself and where it takes memory from.</summary>
public sealed class GatewayOptions
{
    /// <summary>The protocol's extensions served here, as server metadata lists them.</summary>
    public static IReadOnlyList<string> DefaultExtensions { get; } =
    [
        "binary_tensor_data", "classification", "model_configuration", "model_repository",
        "model_repository(unload_dependents)", "parameters", "schedule_policy", "statistics",
    ];

    public string ServerName { get; set; } = "orleans-hybrid";

    public string ServerVersion { get; set; } = typeof(GatewayOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public IReadOnlyList<string> Extensions { get; set; } = DefaultExtensions;

    /// <summary>What server metadata lists: the extensions, then the cell, zone and node, which links read to know whom they reached.</summary>
    public IEnumerable<string> AnnouncedExtensions => [.. Extensions, $"hybrid.cell={Cell}", $"hybrid.zone={Zone.WireName()}", $"hybrid.node={Node}"];

    public string Cell { get; set; } = "central";

    public string Node { get; set; } = Environment.MachineName;

    public Zone Zone { get; set; } = Zone.Cloud;

    /// <summary>Whether the cell can answer now; asked by readiness probes, so it must be cheap.</summary>
    public Func<bool> IsReady { get; set; } = static () => true;

    /// <summary>Where request bodies and tensors live.</summary>
    public TensorPool Pool { get; set; } = TensorPool.Shared;

    /// <summary>The largest request body after decompression, in bytes. Range: 1 to <see cref="Limits.RequestBytesMax"/>.</summary>
    public long RequestBytesMax { get; set; } = Limits.RequestBytesMax;
}
