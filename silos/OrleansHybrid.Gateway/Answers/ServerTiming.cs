using System.Globalization;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>The Server-Timing header: stages that were passed, durations in milliseconds.</summary>
internal static class ServerTiming
{
    public static string Of(in RequestTimes times, Zone here, Zone answered)
    {
        var text = new System.Text.StringBuilder(96);
        Add(text, "route", times.Route);
        Add(text, "queue", times.Queue);
        Add(text, here.WireName(), times.Here);
        Add(text, "link", times.Link);
        Add(text, (answered > here ? answered : Zone.Cloud).WireName(), times.Above);
        return text.ToString();
    }

    private static void Add(System.Text.StringBuilder text, string stage, TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return;
        if (text.Length > 0) text.Append(", ");
        text.Append(stage).Append(";dur=").Append(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}");
    }
}
