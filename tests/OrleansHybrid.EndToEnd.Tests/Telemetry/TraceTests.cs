using System.Text;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Telemetry;

/// <summary>One trace follows a request from its region to central.</summary>
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData(FarmShape.OneProcess)]
    [InlineData(FarmShape.ThreeProcesses)]
    public async Task A_request_that_escalates_makes_one_trace_over_both_cells(FarmShape shape)
    {
        await using var traces = TraceCollector.Start();
        await using var farm = await TestFarm.StartAsync(shape, environment: traces.Environment);
        await farm.WaitForLinksAsync();

        var answer = await farm.Http.InferRawAsync(farm.EuWest, Clips.UnsureAudio, Clips.Model, ("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));
        Assert.Equal("cloud", answer.Zone);

        await Wait.Until(() => CellsOfTrace(traces.Take()).SetEquals(["eu-west", "central"]), "spans of both cells in the trace");
    }

    /// <summary>The cells named near each occurrence of the trace's id: a span holds its id first and its tags after it.</summary>
    private static HashSet<string> CellsOfTrace(byte[] exported)
    {
        var id = Convert.FromHexString(TraceId);
        var cells = new HashSet<string>();
        for (var at = exported.AsSpan().IndexOf(id); at >= 0; at = Next(exported, id, at))
        {
            var end = Next(exported, id, at);
            var span = Encoding.Latin1.GetString(exported, at, (end < 0 ? exported.Length : end) - at);
            cells.UnionWith(new[] { "central", "eu-west" }.Where(c => span.Contains(c, StringComparison.Ordinal)));
        }

        return cells;
    }

    private static int Next(byte[] exported, byte[] id, int at)
    {
        var next = exported.AsSpan(at + 1).IndexOf(id);
        return next < 0 ? -1 : at + 1 + next;
    }
}
