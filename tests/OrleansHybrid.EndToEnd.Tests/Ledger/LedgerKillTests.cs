using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

/// <summary>
/// 10,000 mixed requests over three processes, one of them killed and started again: each cell's ledger equals what the callers counted, the killed one's within
/// one batch and never above it; zone totals equal the sums of their tenants; money is what the prices say of the other columns.
/// </summary>
public sealed class LedgerKillTests
{
    private const int Requests = 10_000;
    private const int Callers = 8;
    private const string LinkKey = "a-link-key-of-at-least-thirty-two-characters";

    private const string Policy = """
        policy: ledger-test
        revision: 3
        prices:
          edge:  { compute_ms: 0.2, loaded_mib_hour: 0.5, watts: 15 }
          cloud: { compute_ms: 1.0, loaded_mib_hour: 1.0, wan_kib: 0.1, watts: 120 }
        """;

    [Fact]
    public async Task Ledger_over_a_kill_equals_what_the_callers_counted_within_one_batch()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Sub("policy.yaml"), Policy);
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses, ["--policy", folder.Sub("policy.yaml")], linkKey: LinkKey);
        await farm.WaitForLinksAsync();
        var load = new LedgerLoad(farm);
        await load.MakeKeysAsync();

        var running = load.RunAsync(Requests, Callers);
        await Wait.Until(() => load.Answered >= Requests / 3 || running.IsCompleted, "a third of the answers", TimeSpan.FromMinutes(5));
        await farm.ProcessOf(farm.EuWest).KillAsync();
        await farm.RestartAsync(farm.EuWest);
        await running;
        await StopAndStartAsync(farm);

        await AssertKilledCellAsync(farm, load);
        await AssertExactAsync(farm, load, farm.UsEast);
        await AssertExactAsync(farm, load, farm.Central);
        await AssertCentralRanForTenantsAsync(farm, load);
        foreach (var cell in new[] { farm.EuWest, farm.UsEast, farm.Central })
        {
            await AssertZonesAreSumsOfTenantsAsync(farm, cell);
            await AssertMoneyAsync(farm, cell);
        }
    }

    [Fact]
    public async Task Ledger_asked_for_a_column_that_is_none_names_those_there_are()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var cell = TestCell.Create("central");
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();

        var wrongBy = await http.GetAsync($"{cell.HttpUrl}/v1/ledger?by=zone,zoen");
        var wrongSince = await http.GetAsync($"{cell.HttpUrl}/v1/ledger?since=yesterday");
        Assert.True((await http.InferJsonAsync(cell, Clips.EasyJson)).Ok);
        await Wait.Until(async () => (await LedgerPage.ReadAsync(http, cell, "")).Totals.Requests == 1, "the request to be booked");
        var metrics = await http.GetStringAsync($"{cell.HttpUrl}/metrics");

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrongBy.StatusCode);
        Assert.Contains("'zoen' is none. Use zone, model, version, variant, tenant, hour", await wrongBy.Content.ReadAsStringAsync());
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrongSince.StatusCode);
        Assert.Contains("hybrid_cost_per_1000_requests_microusd{", metrics);
        Assert.Contains("hybrid_ledger_compute_seconds_total{", metrics);
    }

    /// <summary>What a process counted when it is asked to stop is stored before it ends; what it starts with is what was stored.</summary>
    private static async Task StopAndStartAsync(TestFarm farm)
    {
        await farm.StopAsync();
        foreach (var cell in new[] { farm.Central, farm.EuWest, farm.UsEast }) await farm.RestartAsync(cell);
    }

    private static async Task AssertKilledCellAsync(TestFarm farm, LedgerLoad load)
    {
        var calls = load.Calls.Where(c => c.Cell == farm.EuWest).ToArray();
        var page = await LedgerPage.ReadAsync(farm.Http, farm.EuWest, "zone,model,variant,tenant");
        int answered = calls.Count(c => c.Answer is { Ok: true }), refused = calls.Count(c => c.Answer is { Ok: false }), lost = calls.Count(c => c.Answer is null);
        Assert.InRange(lost, 1, Callers * 2);

        Assert.InRange(page.Sum(r => r.Requests) + page.Sum(r => r.Failed), answered + refused - Limits.LedgerBatchRequestsMax, answered + refused + lost);
        Assert.InRange(page.Sum(r => r.Requests), answered - Limits.LedgerBatchRequestsMax, answered + lost);
        foreach (var row in page.Rows.Where(r => r.Requests > 0))
        {
            Assert.InRange(row.Requests, 1, calls.Count(c => Answered(c, row)) + calls.Count(c => c.Answer is null && c.Tenant == row.Tenant && c.Model == row.Model));
        }
    }

    /// <summary>A cell that was not killed: row by row what its callers saw.</summary>
    private static async Task AssertExactAsync(TestFarm farm, LedgerLoad load, TestCell cell)
    {
        var calls = load.Calls.Where(c => c.Cell == cell).ToArray();
        var page = await LedgerPage.ReadAsync(farm.Http, cell, "zone,model,variant,tenant");

        Assert.DoesNotContain(calls, c => c.Answer is null);
        Assert.Equal(calls.Count(c => c.Answer!.Ok), page.Sum(r => r.Requests));
        Assert.Equal(calls.Count(c => !c.Answer!.Ok), page.Sum(r => r.Failed));
        Assert.All(page.Rows.Where(r => r.Requests > 0), r => Assert.Equal((r.Tenant, r.Variant, calls.Count(c => Answered(c, r))), (r.Tenant, r.Variant, (int)r.Requests)));
        if (cell.Above is not null) AssertRunsAndBytes(calls, page);
    }

    /// <summary>In a region each answer of the edge is a run there, and so is each that was escalated; each answer of the cloud carried its input over the link.</summary>
    private static void AssertRunsAndBytes(LedgerCall[] calls, LedgerPage page)
    {
        var cloud = calls.Where(c => c.Answer is { Ok: true, Zone: "cloud" }).ToArray();
        Assert.Equal(calls.Count(c => c.Answer!.Zone == "edge" || c.Answer.Escalated), page.Sum(r => r.Runs));
        // A call that the cloud refused carried its input too, and shows as an answer from below that is degraded.
        var degraded = calls.Where(c => c.Answer!.Degraded).Sum(c => c.InputBytes);
        Assert.InRange((long)page.Rows.Sum(r => r.Get("link_bytes")), cloud.Sum(c => c.InputBytes), cloud.Sum(c => c.InputBytes) + degraded);
        Assert.NotEmpty(cloud);
        Assert.True(page.Rows.Where(r => r.Zone == "cloud").Sum(r => r.Get("above_microusd")) > 0);
        Assert.True(page.Rows.Where(r => r.Zone == "edge").Sum(r => r.Get("avoided_microusd")) > 0);
    }

    /// <summary>Central runs what regions send up, for the tenants that they name; no request of theirs entered there.</summary>
    private static async Task AssertCentralRanForTenantsAsync(TestFarm farm, LedgerLoad load)
    {
        var page = await LedgerPage.ReadAsync(farm.Http, farm.Central, "tenant");
        foreach (var tenant in LedgerLoad.Tenants)
        {
            var ran = load.Calls.Count(c => c.Tenant == tenant && c.Answer is { Ok: true, Zone: "cloud" });
            var lost = load.Calls.Count(c => c.Tenant == tenant && (c.Answer is null || c.Answer.Degraded));
            Assert.InRange(page.Rows.Single(r => r.Tenant == tenant).Runs, ran, ran + lost);
        }
    }

    private static async Task AssertZonesAreSumsOfTenantsAsync(TestFarm farm, TestCell cell)
    {
        var both = await LedgerPage.ReadAsync(farm.Http, cell, "zone,tenant");
        var zones = both.Rows.GroupBy(r => r.Zone).Select(g => (Zone: g.Key, Tenants: g.ToArray()));
        Assert.Contains(both.Rows, r => r.Tenant == "-" && r.Get("idle_mib_hours") > 0);

        // The idle time of loaded models is booked as it passes, so the two answers are taken from one moment: the rows and the totals of one page.
        foreach (var column in LedgerPage.Columns)
        {
            Assert.Equal(both.Totals.Get(column), zones.Sum(z => z.Tenants.Sum(t => t.Get(column))), tolerance: 0.001);
        }

        var alone = await LedgerPage.ReadAsync(farm.Http, cell, "zone");
        foreach (var (zone, tenants) in zones)
        {
            var row = alone.Rows.Single(r => r.Zone == zone);
            foreach (var column in new[] { "requests", "failed", "runs", "compute_ms", "link_bytes", "above_microusd", "avoided_microusd" })
            {
                Assert.Equal(row.Get(column), tenants.Sum(t => t.Get(column)), tolerance: 0.001);
            }
        }
    }

    private static async Task AssertMoneyAsync(TestFarm farm, TestCell cell)
    {
        var page = await LedgerPage.ReadAsync(farm.Http, cell, "zone,model,version,variant,tenant");
        foreach (var row in page.Rows)
        {
            var (compute, idle, wan, watts) = row.Zone == "edge" ? (0.2, 0.5, 0, 15) : (1.0, 1.0, 0.1, 120);
            var money = (row.Get("compute_ms") * compute) + (row.Get("idle_mib_hours") * idle) + (row.Get("link_bytes") / 1024 * wan);
            Assert.Equal(money, row.Get("money_microusd"), Math.Max(0.01, money / 1e6));
            Assert.Equal(3, row.Figures.GetProperty("price_revision_min").GetInt64());
            if (row.Figures.GetProperty("energy_source").GetString() == "declared") Assert.Equal(row.Get("compute_ms") / 1000 * watts, row.Get("energy_joule"), 0.01);
        }
    }

    private static bool Answered(LedgerCall call, LedgerPageRow row) =>
        call.Answer is { Ok: true } answer && call.Tenant == row.Tenant && call.Model == row.Model && answer.Zone == row.Zone && answer.Variant == row.Variant;
}
