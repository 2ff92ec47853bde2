using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Telemetry;

/// <summary>What one cell does shows on its own <c>/metrics</c> and on no other's, whether they share a process or not.</summary>
public abstract class MetricsIsolationTests(FarmFixture fixture)
{
    private static readonly string[] RequestSeries = ["hybrid_", "nv_inference_"];
    private readonly TestFarm farm = fixture.Farm;

    [Fact]
    public async Task A_request_to_one_region_changes_no_request_series_of_another()
    {
        Assert.True((await farm.Http.InferJsonAsync(farm.UsEast, Clips.EasyJson)).Ok);
        var here = await SeriesAsync(farm.EuWest);
        var there = await QuietSeriesAsync(farm.UsEast);

        Assert.True((await farm.Http.InferJsonAsync(farm.EuWest, Clips.EasyJson)).Ok);

        await Wait.Until(async () => !Enumerable.SequenceEqual(here, await SeriesAsync(farm.EuWest)), "the request to show where it went");
        Assert.Equal(there, await SeriesAsync(farm.UsEast));
    }

    [Fact]
    public async Task Every_box_has_a_histogram_and_Triton_its_names()
    {
        await farm.WaitForLinksAsync();
        Assert.True((await farm.Http.InferJsonAsync(farm.EuWest, Clips.UnsureJson)).Escalated);
        string[] expected =
        [
            "hybrid_gateway_request_duration_seconds_count{", "hybrid_router_duration_seconds_count{", "hybrid_classifier_duration_seconds_count{", "hybrid_engine_queue_duration_seconds_count{",
            "hybrid_engine_run_duration_seconds_count{", "hybrid_upstream_duration_seconds_count{", "hybrid_requests_total{", "hybrid_escalated_total{",
            "nv_inference_request_success{", "nv_inference_request_failure{", "nv_inference_count{", "nv_inference_exec_count{", "nv_inference_queue_duration_us{",
            "nv_inference_compute_infer_duration_us{", "nv_inference_request_duration_us{", "nv_inference_pending_request_count{",
        ];
        var metrics = "";
        await Wait.Until(async () => expected.All((metrics = await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/metrics")).Contains), $"all of {string.Join(' ', expected)}");

        Assert.Contains(metrics.Split('\n'), l => l.StartsWith("hybrid_upstream_duration_seconds_count{", StringComparison.Ordinal)
            && new[] { "cell=\"eu-west\"", "model=\"keyword\"", "outcome=\"ok\"", "variant=\"large\"", "version=\"1\"", "zone=\"cloud\"" }.All(l.Contains));
    }

    [Fact]
    public async Task An_unknown_model_makes_no_series_of_its_own()
    {
        Assert.False((await farm.Http.InferJsonAsync(farm.EuWest, Clips.EasyJson, model: "nobody-knows")).Ok);

        Assert.DoesNotContain("nobody-knows", await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/metrics"));
    }

    /// <summary>The series when what the cell did before is booked: the ledger closes a batch each <see cref="Limits.LedgerBatchAge"/>, and its series follow the answer by that much.</summary>
    private async Task<string[]> QuietSeriesAsync(TestCell cell)
    {
        var (series, since) = (await SeriesAsync(cell), TimeProvider.System.GetTimestamp());
        await Wait.Until(
            async () =>
            {
                var now = await SeriesAsync(cell);
                if (!Enumerable.SequenceEqual(series, now)) (series, since) = (now, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > Limits.LedgerBatchAge * 2;
            },
            "the ledger's batches to be booked");
        return series;
    }

    private async Task<string[]> SeriesAsync(TestCell cell)
    {
        var metrics = await farm.Http.GetStringAsync($"{cell.HttpUrl}/metrics");
        return [.. metrics.Split('\n').Where(l => RequestSeries.Any(s => l.StartsWith(s, StringComparison.Ordinal)) || l.Contains("/infer", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}

[Collection(OneProcess.Name)]
public sealed class MetricsIsolationInOneProcess(OneProcessFarm farm) : MetricsIsolationTests(farm);

[Collection(ThreeProcesses.Name)]
public sealed class MetricsIsolationInThreeProcesses(ThreeProcessFarm farm) : MetricsIsolationTests(farm);
