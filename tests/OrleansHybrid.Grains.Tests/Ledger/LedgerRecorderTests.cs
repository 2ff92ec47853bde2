using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Ledger;

public sealed class LedgerRecorderTests
{
    private readonly TensorPool pool = new();

    [Fact]
    public async Task Requests_are_booked_by_tenant_with_runs_and_money_and_failures_apart()
    {
        await using var cell = await TestCell.StartAsync();
        cell.Service<PolicyHolder>().Replace(Policy(revision: 7));

        for (var i = 0; i < 3; i++) await InferAsync(cell, "acme");
        await InferAsync(cell, "globex");
        await InferAsync(cell, "globex", model: "nobody-has-this");
        await InferAsync(cell, "acme", hops: ["us-east"]);
        await cell.Service<LedgerFlusher>().FlushAsync(false, default);
        await cell.Service<LedgerFlusher>().FlushAsync(false, default);
        var rows = (await AskAsync(cell, LedgerColumn.Tenant, LedgerColumn.Model)).Totals.ToDictionary(t => (t.Group.Tenant!, t.Group.Model!));

        var acme = rows[("acme", "keyword")];
        Assert.Equal((3L, 0L, 4L), (acme.Figures.Requests, acme.Figures.Failed, acme.Figures.Runs));
        Assert.Equal((4.0, 4 * 200_000L, 7L), (acme.Figures.ComputeMs, acme.Figures.MoneyPicousd, acme.RevisionMin));
        Assert.Equal((1L, 1L), (rows[("globex", "keyword")].Figures.Requests, rows[("globex", "keyword")].Figures.Runs));
        Assert.Equal((0L, 1L), (rows[("globex", LedgerNames.UnknownModel)].Figures.Requests, rows[("globex", LedgerNames.UnknownModel)].Figures.Failed));
    }

    [Fact]
    public async Task Runs_are_priced_by_the_revision_in_force_when_they_happened()
    {
        await using var cell = await TestCell.StartAsync();
        cell.Service<PolicyHolder>().Replace(Policy(revision: 1, computeMs: 0.2));
        await InferAsync(cell, "acme");
        cell.Service<PolicyHolder>().Replace(Policy(revision: 2, computeMs: 1));
        await InferAsync(cell, "acme");
        await cell.Service<LedgerFlusher>().FlushAsync(false, default);

        var total = Assert.Single((await AskAsync(cell, LedgerColumn.Zone)).Totals);

        Assert.Equal((1_200_000L, 1L, 2L), (total.Figures.MoneyPicousd, total.RevisionMin, total.RevisionMax));
    }

    [Fact]
    public async Task Model_that_waits_costs_nobody_in_particular()
    {
        await using var cell = await TestCell.StartAsync();
        cell.Service<PolicyHolder>().Replace(Policy(revision: 1));
        var flusher = cell.Service<LedgerFlusher>();
        cell.Clock.Advance(Limits.LedgerIdleInterval);
        await flusher.FlushAsync(false, default);
        cell.Clock.Advance(TimeSpan.FromMinutes(30));
        await flusher.FlushAsync(false, default);
        await flusher.FlushAsync(false, default);

        var idle = Assert.Single((await AskAsync(cell, LedgerColumn.Tenant)).Totals);

        Assert.Equal((LedgerNames.Nobody, 0.5), (idle.Group.Tenant, idle.Figures.IdleMibHours));
        Assert.Equal(250_000, idle.Figures.MoneyPicousd);
    }

    [Fact]
    public async Task Tenants_beyond_the_most_are_booked_together()
    {
        await using var cell = await TestCell.StartAsync();
        await cell.Client.GetLedgerDirectory(Sample.Cell).AdmitAsync(Enumerable.Range(0, Limits.TenantsMax).Select(i => $"t{i}").ToArray(), default);

        await InferAsync(cell, "t1");
        await InferAsync(cell, "late");
        await InferAsync(cell, "later");
        await cell.Service<LedgerFlusher>().FlushAsync(false, default);
        await cell.Service<LedgerFlusher>().FlushAsync(false, default);

        var tenants = (await AskAsync(cell, LedgerColumn.Tenant)).Totals.ToDictionary(t => t.Group.Tenant!, t => t.Figures.Requests);
        Assert.Equal(new Dictionary<string, long> { ["t1"] = 1, [LedgerNames.Other] = 2 }, tenants);
    }

    [Fact]
    public async Task Batch_is_sent_before_its_time_when_it_is_half_full()
    {
        await using var cell = await TestCell.StartAsync();

        for (var i = 0; i < Limits.LedgerBatchRequestsMax / 2; i++) await InferAsync(cell, "acme");

        await Until.TrueAsync(() => cell.Service<LedgerTotals>().Of(Zone.Edge).Requests == Limits.LedgerBatchRequestsMax / 2, "the batch to be closed");
    }

    [Fact]
    public async Task What_a_store_does_not_take_is_kept_and_booked_once_it_does()
    {
        var storage = new FailingStorage();
        await using var cell = await TestCell.StartAsync(storage: storage);
        var flusher = cell.Service<LedgerFlusher>();
        await InferAsync(cell, "acme");
        await flusher.FlushAsync(false, default);

        (storage.Failing, storage.StoresAllTheSame) = (true, true);
        await InferAsync(cell, "acme");
        await Assert.ThrowsAsync<AggregateException>(() => flusher.FlushAsync(false, default));
        await InferAsync(cell, "acme");
        storage.StoresAllTheSame = false;
        await Assert.ThrowsAsync<AggregateException>(() => Twice(() => flusher.FlushAsync(false, default)));
        storage.Failing = false;
        await Twice(() => flusher.FlushAsync(false, default));

        Assert.Equal(3, LedgerQueries.Total(await AskAsync(cell, LedgerColumn.Zone)).Requests);
    }

    [Fact]
    public async Task Silo_that_stops_hands_on_its_last_batch()
    {
        await using var cell = await TestCell.StartAsync(silos: 2, storage: new CountingStorage());
        await InferAsync(cell, "acme", silo: 1);

        await cell.StopSiloAsync(1);

        Assert.Equal(1, LedgerQueries.Total(await AskAsync(cell, LedgerColumn.Zone)).Requests);
    }

    [Fact]
    public async Task Counting_a_request_allocates_nothing_once_its_row_exists()
    {
        await using var cell = await TestCell.StartAsync();
        var (recorder, request) = (cell.Service<LedgerRecorder>(), Sample.Request(pool, 1, 2, 3, 4));
        var plan = RoutePlanner.Plan(new PlanRequest(request), cell.Service<SnapshotPublisher>().Current, cell.Clock.GetUtcNow());
        var attempt = new AttemptReport(plan, plan.Attempt(0).Candidate, Sample.Variant, new EngineTimes(default, default, TimeSpan.FromMilliseconds(1), default, 1, 1), default, default, null, false);
        var report = new RequestReport(request, plan, Sample.Answer(), 0, default, default);
        Count(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(400);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Count(int times)
        {
            for (var i = 0; i < times; i++)
            {
                recorder.AttemptEnded(attempt);
                recorder.RequestEnded(report);
            }
        }
    }

    private static async Task Twice(Func<Task> call)
    {
        await call();
        await call();
    }

    private static CompiledPolicy Policy(long revision, double computeMs = 0.2) => PolicyCompiler.Compile(new PolicyConfig
    {
        Policy = "test",
        Revision = revision,
        Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(computeMs, 0.5, 0, 15) },
    }).Policy!;

    private static Task<LedgerAnswer> AskAsync(TestCell cell, params LedgerColumn[] by) => cell.Client.AskLedgerAsync(Sample.Cell, new LedgerQuery(by, null), default);

    private async Task<InferenceResult> InferAsync(TestCell cell, string tenant, string? model = null, string[]? hops = null, int silo = 0)
    {
        var request = Sample.Request(pool, 1, 2, 3, 4);
        return await cell.Service<IInferenceService>(silo).InferAsync(request with { Model = model ?? request.Model, Caller = new Caller(tenant, hops ?? [], true, null) }, default);
    }
}
