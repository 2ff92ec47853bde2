using System.Globalization;
using Grpc.Core;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Reads the time that a server reports for itself: the sum of the <c>dur=</c> entries (milliseconds) of <c>server-timing</c>.</summary>
internal static class ServerTiming
{
    public static TimeSpan Read(Metadata trailers, TimeSpan most)
    {
        double ms = 0;
        foreach (var stage in (trailers.GetValue(WireNames.ServerTimingHeader) ?? "").Split(',', 16))
        {
            var at = stage.IndexOf("dur=", StringComparison.Ordinal);
            if (at < 0 || !double.TryParse(stage.AsSpan(at + 4).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var dur)) continue;
            if (dur > 0) ms += dur;
        }

        return ms < most.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : most;
    }
}
