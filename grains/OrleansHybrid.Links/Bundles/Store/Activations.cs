using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Keeps in <c>index.json</c> what became of the versions that were loaded here: written, and made lasting, before the load begins and after it ended. The rules are <see cref="ActivationRules"/>'.</summary>
/// <example><code>
/// if (await activations.BeginAsync(key, bundle, stopping) is { } why) return why;      // Quarantined: the last good one serves on.
/// var failure = await LoadAndProbeAsync(key);
/// if (failure is null) await activations.SucceededAsync(key, bundle, stopping);
/// else await activations.EndedAsync(key, stopping);                                    // Or QuarantineAsync, for good.
/// </code></example>
public sealed class Activations
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly ReplaceSteps Steps = new(FailpointNames.ActivateWrite, FailpointNames.ActivateSync, FailpointNames.ActivateRename, FailpointNames.ActivateSyncFolder);

    private readonly StoreFolders folders;
    private readonly BundleStoreSettings settings;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly HashSet<(ModelVersionKey Version, string Bundle)> thisStart = [];
    private volatile ActivationState state = ActivationState.Empty;

    internal Activations(StoreFolders folders, BundleStoreSettings settings) => (this.folders, this.settings) = (folders, settings);

    /// <summary>Immutable, replaced whole.</summary>
    public ActivationState State => state;

    /// <summary>Marks a load that is about to begin.</summary>
    /// <returns>Why the version must not be loaded; null: load it.</returns>
    public async Task<string?> BeginAsync(ModelVersionKey version, string bundle, CancellationToken cancellationToken)
    {
        if (ActivationRules.WhyNot(state, version, bundle) is { } why) return why;
        await ChangeAsync(s => ActivationRules.Begin(s, version, bundle, !thisStart.Add((version, bundle))), cancellationToken);
        return null;
    }

    /// <summary>It was loaded and answered its probe.</summary>
    public Task SucceededAsync(ModelVersionKey version, string bundle, CancellationToken cancellationToken) =>
        ChangeAsync(s => ActivationRules.Succeeded(s, version, bundle), cancellationToken);

    /// <summary>It was not loaded, and the process lives: no fault of the version that would need a quarantine.</summary>
    public Task EndedAsync(ModelVersionKey version, CancellationToken cancellationToken) => ChangeAsync(s => ActivationRules.Ended(s, version), cancellationToken);

    /// <param name="reason">For people: what happened and what to do.</param>
    public Task QuarantineAsync(ModelVersionKey version, string bundle, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(s => ActivationRules.Quarantine(s, version, bundle, reason, settings.Clock.GetUtcNow()), cancellationToken);

    public Task ReleaseAsync(ModelVersionKey version, CancellationToken cancellationToken) => ChangeAsync(s => ActivationRules.Release(s, version), cancellationToken);

    /// <summary>At a start: reads what is kept, and quarantines what this place died of too often.</summary>
    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(folders.Index);
        if (file.Exists && Read(file.Length <= Limits.BundleIndexBytesMax ? await File.ReadAllBytesAsync(file.FullName, cancellationToken) : []) is { } read) state = read;
        else if (file.Exists) SetAside();
        var before = state.Quarantined;
        await ChangeAsync(s => ActivationRules.AtStart(s, settings.Clock.GetUtcNow()), cancellationToken);
        foreach (var held in state.Quarantined.Except(before)) settings.Notice($"{held.Version} is quarantined: {held.Reason}");
    }

    /// <summary>Persists first: a load that is not marked must not begin.</summary>
    private async Task ChangeAsync(Func<ActivationState, ActivationState> change, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var next = change(state);
            if (ReferenceEquals(next, state)) return;
            await Disk.ReplaceAsync(Steps, folders.Index, JsonSerializer.SerializeToUtf8Bytes(next, Json), cancellationToken);
            state = next;
        }
        finally
        {
            turn.Release();
        }
    }

    private static ActivationState? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<ActivationState>(text, Json) is { LastGood: not null, Marks: not null, Quarantined: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void SetAside()
    {
        Disk.MoveFile(FailpointNames.ActivateSetAside, folders.Index, folders.Index + ".broken");
        settings.Notice("index.json of the bundles could not be read; it lies beside as index.json.broken. Which version was last good is learnt anew.");
    }
}
