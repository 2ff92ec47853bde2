using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansHybrid.Gateway.Hosting;

namespace OrleansHybrid.Gateway.Telemetry;

/// <summary>The gateway's instruments, from the host's own meter factory so that cells of one process do not mix.</summary>
public sealed class GatewayMetrics
{
    public const string MeterName = "OrleansHybrid.Gateway";

    /// <summary>The model of a request that names one the repository does not know: callers must not be able to make series.</summary>
    private const string UnknownModel = "unknown";

    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly Counter<long> bytesIn, bytesOut;
    private readonly KeyValuePair<string, object?> zone, cell;

    public GatewayMetrics(IMeterFactory factory, GatewayOptions options)
    {
        var meter = factory.Create(MeterName);
        requests = meter.CreateCounter<long>("hybrid.gateway.requests", "{request}", "Inference requests that ended, by outcome.");
        duration = meter.CreateHistogram<double>("hybrid.gateway.request.duration", "s", "Time from a request's headers to the end of its answer.");
        bytesIn = meter.CreateCounter<long>("hybrid.gateway.request.bytes", "By", "Bytes of inference requests, after decompression.");
        bytesOut = meter.CreateCounter<long>("hybrid.gateway.response.bytes", "By", "Bytes of inference answers, before compression.");
        zone = new("zone", options.Zone.WireName());
        cell = new("cell", options.Cell);
    }

    /// <param name="known">Whether the repository knows the model.</param>
    /// <param name="version">The version that answered, else the one asked for; 0: none.</param>
    /// <param name="failure">Null when it was answered.</param>
    internal void Record(string protocol, string model, bool known, int version, FailureCode? failure, TimeSpan took, long received, long sent)
    {
        var tags = new TagList(
        [
            zone,
            cell,
            new("model", known ? model : UnknownModel),
            new("version", known ? VersionText(version) : ""),
            new("protocol", protocol),
            new("outcome", failure is { } code ? Outcomes[(int)code] : "ok"),
        ]);
        requests.Add(1, tags);
        duration.Record(took.TotalSeconds, tags);
        bytesIn.Add(received, tags);
        bytesOut.Add(sent, tags);
    }

    private static readonly string[] Outcomes = [.. Enum.GetValues<FailureCode>().Select(SnakeCase)];

    private static readonly string[] SmallVersions = [.. Enumerable.Range(0, Limits.VersionsPerModelMax).Select(v => v == 0 ? "" : v.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private static string VersionText(int version) =>
        version < SmallVersions.Length ? SmallVersions[version] : version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string SnakeCase(FailureCode code) =>
        string.Concat(code.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
