using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Ledger;

public sealed class LedgerGrainTests
{
    private static readonly LedgerQuery Everything = new([LedgerColumn.Zone], null);

    [Fact]
    public async Task Ledger_given_the_same_batch_again_books_it_once_also_after_its_activation_ended()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var ledger = cell.Client.GetLedger("acme");

        var first = await ledger.AddAsync(Batch(1, 3), default);
        await cell.DeactivateAsync(ledger);
        var again = await ledger.AddAsync(Batch(1, 3), default);
        var next = await ledger.AddAsync(Batch(2, 4), default);

        Assert.Equal((true, false, true), (first.Counted, again.Counted, next.Counted));
        Assert.Equal(7, LedgerQueries.Total(await ledger.AskAsync(Everything, default)).Requests);
    }

    [Fact]
    public async Task Batch_is_stored_before_it_is_answered()
    {
        var storage = new CountingStorage();
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var ledger = cell.Client.GetLedger("acme");

        await ledger.AddAsync(Batch(1, 3), default);
        await ledger.AddAsync(Batch(1, 3), default);
        await ledger.AddAsync(Batch(2, 3), default);

        Assert.Equal(2, storage.WritesOf(ledger));
    }

    [Fact]
    public async Task Batch_that_cannot_be_stored_is_not_shown_and_counts_when_it_is_sent_again()
    {
        var storage = new FailingStorage();
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var ledger = cell.Client.GetLedger("acme");

        storage.Failing = true;
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.AddAsync(Batch(1, 3), default));
        Assert.Equal(0, LedgerQueries.Total(await ledger.AskAsync(Everything, default)).Requests);
        storage.Failing = false;
        await ledger.AddAsync(Batch(1, 3), default);

        Assert.Equal(3, LedgerQueries.Total(await ledger.AskAsync(Everything, default)).Requests);
    }

    [Fact]
    public async Task Batch_that_was_stored_although_the_store_said_no_counts_once()
    {
        var storage = new FailingStorage();
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var ledger = cell.Client.GetLedger("acme");

        (storage.Failing, storage.StoresAllTheSame) = (true, true);
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.AddAsync(Batch(1, 3), default));
        storage.Failing = false;
        await ledger.AddAsync(Batch(1, 3), default);

        Assert.Equal(3, LedgerQueries.Total(await ledger.AskAsync(Everything, default)).Requests);
    }

    [Fact]
    public async Task Cells_zone_totals_equal_the_sums_of_its_tenants()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        await cell.Client.GetLedgerDirectory(Sample.Cell).AdmitAsync(["acme", "globex"], default);
        await cell.Client.GetLedger("acme").AddAsync(Batch(1, 3), default);
        await cell.Client.GetLedger("globex").AddAsync(Batch(1, 4), default);
        await cell.Client.GetLedger(LedgerNames.Nobody).AddAsync(Batch(1, 5), default);

        var zones = await cell.Client.AskLedgerAsync(Sample.Cell, Everything, default);
        var tenants = await cell.Client.AskLedgerAsync(Sample.Cell, new LedgerQuery([LedgerColumn.Tenant], null), default);

        Assert.Equal(12, Assert.Single(zones.Totals).Figures.Requests);
        Assert.Equal([(LedgerNames.Nobody, 5L), ("acme", 3L), ("globex", 4L)], tenants.Totals.Select(t => (t.Group.Tenant!, t.Figures.Requests)));
        Assert.Equal(cell.Clock.GetUtcNow(), zones.LastBatch);
    }

    [Fact]
    public async Task Lease_is_kept_when_its_grain_ends()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var ledger = cell.Client.GetLedger("acme");
        var minute = QuotaWindows.IndexOf(QuotaKind.RequestsPerMinute, cell.Clock.GetUtcNow());

        await ledger.LeaseAsync(new QuotaAsk("a", 1, 1, QuotaKind.RequestsPerMinute, minute, 100, 0, 70), default);
        await cell.DeactivateAsync(ledger);
        var grant = await ledger.LeaseAsync(new QuotaAsk("b", 1, 1, QuotaKind.RequestsPerMinute, minute, 100, 0, 70), default);

        Assert.Equal((30L, 0L), (grant.Limit, grant.Free));
    }

    private static LedgerBatch Batch(long sequence, long requests) => new("n1", 1, sequence, DateTimeOffset.UnixEpoch,
        [new LedgerEntry(new LedgerKey(Zone.Edge, "keyword", 1, "tiny", 0), default(LedgerFigures) with { Requests = requests })]);
}
