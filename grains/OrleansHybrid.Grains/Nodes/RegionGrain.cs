using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>A region as central knows it. Who it is and what it counted is durable; how it is now lives in memory, since a stored health would be a guess.</summary>
[GrainType("hybrid.region")]
public sealed class RegionGrain([PersistentState("region")] IPersistentState<RegionState> state, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, IRegionGrain
{
    private readonly long began = clock.GetTimestamp();
    private TimeSpan? heardAt;
    private TimeSpan? writtenAt;
    private RegionReport? report;
    private (long Epoch, long Sequence) last;
    private long reportSequence;
    private long documentsRevision;

    private TimeSpan Now => clock.GetElapsedTime(began);

    private string Region => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (report, documentsRevision) = (state.State.Report, state.State.DocumentsRevision);
        return Task.CompletedTask;
    }

    public async Task<CheckInOutcome> CheckInAsync(RegionCheckIn checkIn, CancellationToken cancellationToken)
    {
        var instance = InstanceRules.Judge(state.State.Boot, checkIn.Instance, Now - (heardAt ?? TimeSpan.Zero));
        if (instance == InstanceVerdict.Copy) return Outcome(CheckInVerdict.RefusedCopy, checkIn, InstanceRules.WhyRefused(Region));
        if (instance == InstanceVerdict.Same && (checkIn.Epoch, checkIn.Sequence).CompareTo(last) <= 0) return new CheckInOutcome(CheckInVerdict.OutOfOrder, last.Epoch, last.Sequence, Limits.RegionReportInterval, default);
        if (checkIn.Report is null && (heardAt is null || checkIn.UnchangedSince != reportSequence)) return Outcome(CheckInVerdict.ReportWanted, checkIn, "");

        if (checkIn.Report is { } said) Take(said, checkIn);
        if (instance != InstanceVerdict.Same || IsWriteDue(checkIn)) await WriteAsync(checkIn.Instance.Boot, cancellationToken);
        (last, heardAt, documentsRevision) = ((checkIn.Epoch, checkIn.Sequence), Now, checkIn.DocumentsRevision);
        return Outcome(CheckInVerdict.Accepted, checkIn, "") with { Restored = instance == InstanceVerdict.Restored };
    }

    public Task<RegionStatus> GetAsync(CancellationToken cancellationToken)
    {
        TimeSpan? age = heardAt is { } heard ? Now - heard : null;
        var health = age is not { } silence ? NodeHealth.Unknown : silence > NodeHealthRules.StaleAfter(Limits.RegionReportInterval) ? NodeHealth.Stale : NodeHealth.Healthy;
        return Task.FromResult(new RegionStatus(Region, health, report, age, documentsRevision, RegionTotals.Sum(state.State.Totals)));
    }

    public async Task<string> EnrolAsync(string serial, CancellationToken cancellationToken)
    {
        var before = state.State.Serial;
        state.State = new RegionState { Serial = serial, Boot = "", Totals = state.State.Totals, Report = report, DocumentsRevision = documentsRevision };
        await state.WriteStateAsync(cancellationToken);
        return before;
    }

    public Task<string> CredentialAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Serial);

    public Task ForgetAsync(CancellationToken cancellationToken)
    {
        heardAt = null;
        return Task.CompletedTask;
    }

    private void Take(RegionReport said, RegionCheckIn checkIn)
    {
        state.State.Totals = RegionTotals.Merge(state.State.Totals, said.Totals);
        (report, reportSequence) = (said, checkIn.Sequence);
    }

    private bool IsWriteDue(RegionCheckIn checkIn) => checkIn.Report is not null && (writtenAt is not { } written || Now - written >= Limits.RegionWriteInterval);

    private async Task WriteAsync(string boot, CancellationToken cancellationToken)
    {
        state.State = new RegionState { Serial = state.State.Serial, Boot = boot, Totals = state.State.Totals, Report = report, DocumentsRevision = documentsRevision };
        await state.WriteStateAsync(cancellationToken);
        writtenAt = Now;
    }

    private static CheckInOutcome Outcome(CheckInVerdict verdict, RegionCheckIn checkIn, string reason) =>
        new(verdict, checkIn.Epoch, checkIn.Sequence, Limits.RegionReportInterval, default, reason);
}

/// <summary>What is stored of a region.</summary>
[GenerateSerializer, Alias("hybrid.region-state")]
public sealed class RegionState
{
    /// <summary>Of its credential; empty: it uses the link key.</summary>
    [Id(0)] public string Serial { get; set; } = "";

    /// <summary>The run that was let in last.</summary>
    [Id(1)] public string Boot { get; set; } = "";

    [Id(2)] public IReadOnlyList<VersionTotal> Totals { get; set; } = [];

    [Id(3)] public RegionReport? Report { get; set; }

    [Id(4)] public long DocumentsRevision { get; set; }
}
