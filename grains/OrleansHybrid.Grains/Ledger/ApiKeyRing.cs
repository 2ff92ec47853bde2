using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>This silo's copy of the cell's keys: who presents one is judged from memory, whatever grain and store do.</summary>
/// <remarks>
/// The copy is read again at <see cref="Limits.ApiKeyRefreshInterval"/> and right after a change made here. A silo that cannot reach the keeper goes on
/// with what it has, and never back to an older revision. Before the first reading no key is let in.
/// </remarks>
public sealed class ApiKeyRing([FromKeyedServices(HybridClock.Key)] TimeProvider clock, IGrainFactory grains, HybridGrainsOptions options)
{
    private readonly IApiKeyGrain keeper = grains.GetApiKeys(options.Cell);
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim refreshing = new(1);
    private Ring ring = Ring.Empty;

    /// <summary>Done when the keys were read once.</summary>
    public Task FirstRead => first.Task;

    public long Revision => Volatile.Read(ref ring).Revision;

    /// <summary>Finds the key whose secret was presented. One SHA-256 of 81 bytes and a look-up; nothing is allocated.</summary>
    public ApiKeyVerdict Judge(string presented)
    {
        if (!first.Task.IsCompleted) return new ApiKeyVerdict(ApiKeyStanding.NotReadYet, null);
        if (!ApiKeyText.TryReadId(presented, out var id)) return ApiKeyVerdict.Unknown;
        if (!Volatile.Read(ref ring).ById.TryGetValue(id, out var entry) || !ApiKeyText.Matches(presented, entry.Hash)) return ApiKeyVerdict.Unknown;

        // Only who has the whole secret is told what became of the key.
        if (entry.Key.RevokedAt is not null) return new ApiKeyVerdict(ApiKeyStanding.Revoked, entry.Key);
        var now = clock.GetUtcNow();
        if (entry.Key.ExpiresAt <= now) return new ApiKeyVerdict(ApiKeyStanding.Expired, entry.Key);
        entry.Used(now);
        return new ApiKeyVerdict(ApiKeyStanding.Good, entry.Key);
    }

    /// <summary>Tells the keeper of uses and takes over what changed.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var current = Volatile.Read(ref ring);
            if (current.TakeUses() is { Count: > 0 } uses) await keeper.NoteUsesAsync(uses, cancellationToken);
            var changed = await keeper.ReadAsync(current.Revision, cancellationToken);
            if (changed is not null && changed.Revision > current.Revision) Volatile.Write(ref ring, new Ring(changed));
            first.TrySetResult();
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>The keys of one revision, and when each was used since the keeper was told.</summary>
    private sealed class Ring(ApiKeyDocument document)
    {
        private readonly FrozenDictionary<string, Entry> byId = document.Keys.ToFrozenDictionary(key => key.Id, key => new Entry(key), StringComparer.Ordinal);

        public static Ring Empty { get; } = new(ApiKeyDocument.Empty);

        public long Revision => document.Revision;

        public FrozenDictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> ById => byId.GetAlternateLookup<ReadOnlySpan<char>>();

        public IReadOnlyList<ApiKeyUse> TakeUses()
        {
            List<ApiKeyUse>? uses = null;
            foreach (var entry in byId.Values)
            {
                if (entry.TakeUse() is { } at) (uses ??= []).Add(new ApiKeyUse(entry.Key.Id, at));
            }

            return uses ?? (IReadOnlyList<ApiKeyUse>)[];
        }
    }

    private sealed class Entry(ApiKey key)
    {
        private long usedTicks;
        private long toldTicks = key.LastUsedAt?.UtcTicks ?? 0;

        public ApiKey Key { get; } = key;

        public byte[] Hash { get; } = Convert.FromHexString(key.Hash);

        public void Used(DateTimeOffset now)
        {
            if (now.UtcTicks - Volatile.Read(ref usedTicks) >= Limits.ApiKeyUseInterval.Ticks) Volatile.Write(ref usedTicks, now.UtcTicks);
        }

        /// <summary>A use that the keeper was not told of.</summary>
        public DateTimeOffset? TakeUse()
        {
            var used = Volatile.Read(ref usedTicks);
            if (used <= toldTicks) return null;
            toldTicks = used;
            return new DateTimeOffset(used, TimeSpan.Zero);
        }
    }
}

/// <summary>What became of a presented key.</summary>
public enum ApiKeyStanding
{
    /// <summary>No such key, or another secret: the two are not told apart.</summary>
    Unknown,
    Good,
    Expired,
    Revoked,

    /// <summary>This silo just started and has not read the cell's keys.</summary>
    NotReadYet,
}

/// <param name="Key">The key, where the whole secret was presented.</param>
public readonly record struct ApiKeyVerdict(ApiKeyStanding Standing, ApiKey? Key)
{
    public static ApiKeyVerdict Unknown => default;
}
