using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Closes what was counted into batches and hands them to the tenants' grains: a tenant whose grain does not answer keeps its batch, and what is counted meanwhile waits.</summary>
/// <remarks>Order: idle time and places in the directory, then the batches are closed, then energy is spread over them, then they are sent.</remarks>
public sealed class LedgerFlusher(
    HybridGrainsOptions options,
    LedgerRecorder recorder,
    LedgerTotals totals,
    PolicyHolder policy,
    IInferenceEngine engine,
    IModelRepository repository,
    IEnergyMeter meter,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<LedgerFlusher> log)
{
    private const int SentAtOnce = 16;

    private readonly SemaphoreSlim flushing = new(1);
    private readonly LedgerIdleMeter idle = new(engine, repository, clock);
    private EnergyReading? energy = meter.Read();

    /// <summary>Sends what was counted since the last call; the failures are thrown together when every tenant had its turn.</summary>
    /// <param name="withIdle">Idle time is booked now and not at its own interval: this silo stops.</param>
    public async Task FlushAsync(bool withIdle, CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            foreach (var (variant, mibMs) in idle.Read(withIdle)) recorder.CounterOfNobody(variant).CountIdle(mibMs);
            var failures = new ConcurrentQueue<Exception>();
            await AdmitAsync(failures, cancellationToken);
            Close();
            await SendAsync(failures, cancellationToken);
            if (!failures.IsEmpty) throw new AggregateException($"The ledger was not taken {failures.Count} times.", failures);
        }
        finally
        {
            flushing.Release();
        }
    }

    private async Task AdmitAsync(ConcurrentQueue<Exception> failures, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var asking = recorder.Accounts.Where(a => !LedgerNames.IsReserved(a.Tenant) && (a.AskedAt is not { } asked || now - asked > Limits.LedgerAdmissionAge)).ToArray();
        if (asking.Length == 0) return;
        try
        {
            var refused = await grains.GetLedgerDirectory(options.Cell).AdmitAsync(Array.ConvertAll(asking, a => a.Tenant), cancellationToken);
            foreach (var account in asking) (account.AskedAt, account.Refused) = (now, refused.Contains(account.Tenant));
            if (refused.Count > 0) log.LogWarning("The ledger has no place for {Refused} tenants, '{First}' among them: at most {Most} have their own. They are booked under '{Other}'.", refused.Count, refused[0], Limits.TenantsMax, LedgerNames.Other);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            failures.Enqueue(e);
        }
    }

    private void Close()
    {
        recorder.Restart();
        var revision = policy.Current.Revision;
        var other = recorder.AccountOf(LedgerNames.Other);
        foreach (var refused in recorder.Accounts.Where(a => a.Refused))
        {
            foreach (var entry in refused.Drain(revision)) other.Counter(entry.Key, policy.Current).Absorb(entry.Figures);
        }

        var closing = recorder.Accounts
            .Where(a => a is { CanClose: true, Refused: false } && (a.AskedAt is not null || LedgerNames.IsReserved(a.Tenant)))
            .Select(a => (Account: a, Entries: a.Drain(revision)))
            .Where(c => c.Entries.Count > 0)
            .ToArray();
        Measure(closing.Select(c => c.Entries).ToArray());
        foreach (var (account, entries) in closing)
        {
            totals.Add(entries);
            account.Close(entries, clock.GetUtcNow());
        }
    }

    /// <summary>Where the machine is measured, its figure takes the declared one's place, spread by compute time; what nobody's run caused is booked with the idle models next time.</summary>
    private void Measure(List<LedgerEntry>[] closing)
    {
        if (energy is null || meter.Read() is not { } reading) return;
        var used = EnergyRules.Share(energy, reading);
        energy = reading;
        var entries = closing.SelectMany(c => c.Select((e, i) => (List: c, Index: i, Entry: e))).ToArray();
        var parts = EnergyRules.Spread(used, Array.ConvertAll(entries, e => e.Entry.Figures.ComputeTicks));
        for (var i = 0; i < entries.Length; i++)
        {
            var (list, index, entry) = entries[i];
            list[index] = entry with { Figures = entry.Figures with { DeclaredMicrojoules = 0, MeasuredMicrojoules = entry.Figures.MeasuredMicrojoules + parts[i] } };
        }

        var rest = used - parts.Sum();
        if (rest > 0) recorder.CounterOfNobody(new VariantKey(LedgerNames.Nobody, 0, "")).CountMeasured(rest);
    }

    private async Task SendAsync(ConcurrentQueue<Exception> failures, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = SentAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(recorder.Accounts.Where(a => !a.CanClose), parallel, async (account, token) =>
        {
            try
            {
                await account.SendAsync(grains.GetLedger(account.Tenant), token);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                failures.Enqueue(e);
            }
        });
    }
}
