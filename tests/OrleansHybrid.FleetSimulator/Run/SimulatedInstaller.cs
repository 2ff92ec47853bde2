using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Makes a node run what it should, in the order and with the pauses of the product's installer: files, load, serve; the old version goes after the new one serves.</summary>
/// <remarks>What is simulated is the engine alone: a load takes the hardware's time and fails where that was planned. Whatever failed leaves what serves.</remarks>
internal sealed class SimulatedInstaller(NodePlan plan, NodeDisk disk, IFileArrival files, Func<DesiredState> desired, TransferGate gate, TimeProvider clock) : IManagedVersions
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private readonly InstallProgress progress = new(clock, plan.Seed, static () => { });
    private readonly SemaphoreSlim signal = new(1, 1);

    public IReadOnlyList<NodeVersion> Versions => progress.Versions;

    public void Wake()
    {
        if (signal.CurrentCount == 0) signal.Release();
    }

    /// <exception cref="NodeDiedException">As was planned.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (version, served) in disk.Served) progress.Set(version, NodeVersionStage.Serving, served.Variant, served.Bundle);
        while (true)
        {
            var settled = await ReconcileAsync(cancellationToken);
            await signal.WaitAsync(settled ? Timeout.InfiniteTimeSpan : LookAgain, cancellationToken);
        }
    }

    /// <summary>True when nothing is left to try.</summary>
    private async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        var wanted = desired();
        if (wanted.Revision == 0) return true;
        var settled = true;
        foreach (var model in wanted.Versions.Select(v => v.Model).Concat(disk.Served.Keys.Select(v => v.Model)).Distinct().ToArray())
        {
            settled &= await ReconcileAsync(model, [.. wanted.Versions.Where(v => v.Model == model)], cancellationToken);
        }

        progress.Forget(v => !disk.Served.ContainsKey(v) && !wanted.Versions.Any(d => d.Model == v.Model && d.Version == v.Version));
        return settled;
    }

    private async Task<bool> ReconcileAsync(string model, DesiredVersion[] wanted, CancellationToken cancellationToken)
    {
        foreach (var none in wanted.Where(v => v.Variant is null)) progress.Set(new ModelVersionKey(model, none.Version), NodeVersionStage.Desired, "", "", none.Reason);
        DesiredVersion[] held = [.. wanted.Where(v => v.Variant is not null)];
        var serving = 0;
        foreach (var version in held)
        {
            if (await InstallAsync(version, cancellationToken)) serving++;
        }

        if (held.Length == 0 || serving > 0)
        {
            foreach (var old in disk.Served.Keys.Where(v => v.Model == model && held.All(h => h.Version != v.Version)).ToArray()) disk.Served.TryRemove(old, out _);
        }

        return serving == held.Length;
    }

    private async Task<bool> InstallAsync(DesiredVersion wanted, CancellationToken cancellationToken)
    {
        var (key, bundle, variant) = (new ModelVersionKey(wanted.Model, wanted.Version), wanted.Source.Bundle, wanted.Variant!);
        if (disk.Served.TryGetValue(key, out var served) && served.Bundle == bundle && served.Variant == variant)
        {
            progress.Set(key, NodeVersionStage.Serving, variant, bundle);
            return true;
        }

        var content = $"{key} {bundle} {variant}";
        if (!progress.MayTry(content)) return false;
        var done = await ArriveAsync(wanted, key, content, cancellationToken) && await LoadAsync(wanted, key, content, cancellationToken);
        if (done) progress.Succeeded(content);
        return done;
    }

    private async Task<bool> ArriveAsync(DesiredVersion wanted, ModelVersionKey key, string content, CancellationToken cancellationToken)
    {
        progress.Set(key, NodeVersionStage.Downloading, wanted.Variant!, "", gate.IsOpen ? "" : "The link's fetch window is shut.");
        await gate.WhenOpenAsync(cancellationToken);
        if (plan.Faults.FullDisk) return Fail(key, wanted, content, NodeVersionStage.Failed, "", $"The disk is full: {wanted.Files.Sum(f => f.Blob.Bytes)} bytes are needed. Make room.");
        var arrival = await files.ArriveAsync(wanted, cancellationToken);
        if (arrival.Broken is { } broken) return Fail(key, wanted, content, NodeVersionStage.Downloading, "", broken);
        if (arrival.Refused is { } refused) return Fail(key, wanted, content, NodeVersionStage.Failed, "", refused);
        progress.Set(key, NodeVersionStage.Verified, wanted.Variant!, wanted.Source.Bundle);
        return true;
    }

    private async Task<bool> LoadAsync(DesiredVersion wanted, ModelVersionKey key, string content, CancellationToken cancellationToken)
    {
        await Task.Delay(plan.Kind.LoadTime * plan.Faults.SlowDisk, clock, cancellationToken);
        if (plan.Faults.FailsLoad) return Fail(key, wanted, content, NodeVersionStage.Failed, wanted.Source.Bundle, "The engine does not load it (a planned fault). What served goes on.");
        progress.Set(key, NodeVersionStage.Loaded, wanted.Variant!, wanted.Source.Bundle);
        disk.Served[key] = new ServedVersion(wanted.Variant!, wanted.Source.Bundle, GraphOf(wanted));
        progress.Set(key, NodeVersionStage.Serving, wanted.Variant!, wanted.Source.Bundle);
        return true;
    }

    private bool Fail(ModelVersionKey key, DesiredVersion wanted, string content, NodeVersionStage stage, string bundle, string why)
    {
        progress.Failed(content);
        progress.Set(key, stage, wanted.Variant!, bundle, why);
        return false;
    }

    /// <summary>The variant's first own file: its graph.</summary>
    private static string GraphOf(DesiredVersion wanted)
    {
        var name = wanted.Source.Variants.First(v => v.Name == wanted.Variant).Files[0];
        return wanted.Source.Files.First(f => f.Name == name).Blob.Digest;
    }
}
