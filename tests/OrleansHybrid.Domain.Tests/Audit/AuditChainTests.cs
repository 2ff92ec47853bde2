using CsCheck;
using OrleansHybrid.Domain.Audit;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<AuditChange> Changes =
        Gen.Select(Gen.String[0, 12], Gen.Int[0, AuditVerbs.All.Count - 1].Select(i => AuditVerbs.All[i]), Gen.String[0, 12], Gen.String[0, 12], Gen.String[0, 12], Gen.String[0, 12])
            .Select(t => new AuditChange(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6));

    private static readonly Gen<AuditEntry[]> Logs = Changes.Array[2, 12].Select(Chain);

    [Fact]
    public void Chain_as_it_was_written_holds() => Logs.Sample(log =>
    {
        var verdict = AuditChain.Verify(AuditHead.Origin, log, log[^1].Head);

        Assert.Null(verdict.Break);
        Assert.Equal(log[^1].Head, verdict.Head);
    });

    [Fact]
    public void Any_altered_field_is_found_at_its_entry() =>
        Gen.Select(Logs, Gen.Int[0, 1000], Gen.Int[0, Alterations.Length - 1], Gen.String[0, 8]).Sample((log, at, field, text) =>
        {
            var index = at % log.Length;
            var altered = Alterations[field](log[index], text);
            if (altered == log[index]) return;
            var verdict = AuditChain.Verify(AuditHead.Origin, [.. log[..index], altered, .. log[(index + 1)..]], log[^1].Head);

            Assert.NotNull(verdict.Break);
            Assert.Equal(index + 1, verdict.Break.From);
        });

    [Fact]
    public void Altered_entry_with_a_hash_made_anew_is_found_at_the_next_or_by_the_head() => Gen.Select(Logs, Gen.Int[0, 1000]).Sample((log, at) =>
    {
        var index = at % log.Length;
        var forged = log[index] with { Change = log[index].Change with { Why = log[index].Change.Why + "x" } };
        forged = forged with { Hash = AuditBytes.HashOf(forged)! };

        var verdict = AuditChain.Verify(AuditHead.Origin, [.. log[..index], forged, .. log[(index + 1)..]], log[^1].Head);

        Assert.InRange(verdict.Break!.From, index + 1, index + 2);
    });

    [Fact]
    public void Removed_entry_is_found_where_it_was() => Gen.Select(Logs, Gen.Int[0, 1000]).Sample((log, at) =>
    {
        var index = at % log.Length;

        var verdict = AuditChain.Verify(AuditHead.Origin, [.. log[..index], .. log[(index + 1)..]], log[^1].Head);

        Assert.Equal(index + 1, verdict.Break!.From);
    });

    [Fact]
    public void Tail_that_was_cut_off_is_found_by_the_head() => Gen.Select(Logs, Gen.Int[0, 1000]).Sample((log, at) =>
    {
        var kept = at % log.Length;

        Assert.Equal(kept + 1, AuditChain.Verify(AuditHead.Origin, log[..kept], log[^1].Head).Break!.From);
        Assert.Null(AuditChain.Verify(AuditHead.Origin, log[..kept]).Break);
    });

    [Fact]
    public void Entries_that_changed_places_are_found_at_the_first() => Gen.Select(Logs, Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((log, a, b) =>
    {
        var (one, other) = (a % log.Length, b % log.Length);
        if (one == other) return;
        var moved = log.ToArray();
        (moved[one], moved[other]) = (moved[other], moved[one]);

        Assert.Equal(Math.Min(one, other) + 1, AuditChain.Verify(AuditHead.Origin, moved, log[^1].Head).Break!.From);
    });

    [Fact]
    public void Entry_that_is_there_twice_or_put_in_is_found() => Gen.Select(Logs, Gen.Int[0, 1000], Gen.Int[0, 1000], Changes).Sample((log, from, to, change) =>
    {
        var place = to % (log.Length + 1);
        var twice = log[from % log.Length];
        var head = place == 0 ? AuditHead.Origin : log[place - 1].Head;
        var foreign = AuditChain.Append(head, change, "put in", Start);

        foreach (var added in new[] { twice, foreign })
        {
            var verdict = AuditChain.Verify(AuditHead.Origin, [.. log[..place], added, .. log[place..]], log[^1].Head);
            Assert.NotNull(verdict.Break);
            Assert.InRange(verdict.Break.From, place, place + 2);
        }
    });

    [Fact]
    public void Chain_that_was_written_anew_is_found_by_the_head_alone()
    {
        var log = Chain([Change("one"), Change("two")]);
        var anew = Chain([Change("one"), Change("other")]);

        Assert.Null(AuditChain.Verify(AuditHead.Origin, anew).Break);
        Assert.Equal(2, AuditChain.Verify(AuditHead.Origin, anew, log[^1].Head).Break!.From);
    }

    [Fact]
    public void Two_entries_that_differ_have_different_bytes() => Gen.Select(Logs, Logs).Sample((one, other) =>
    {
        var distinct = one.Concat(other).DistinctBy(e => e with { Hash = "" }).ToArray();

        Assert.Equal(distinct.Length, distinct.Select(e => Convert.ToHexString(AuditBytes.Of(e)!)).Distinct().Count());
    });

    [Fact]
    public void Text_moved_from_one_field_to_the_next_has_other_bytes()
    {
        var one = Chain([new AuditChange("ab", AuditVerbs.KeyCreate, "c", "", "", "")])[0];
        var other = Chain([new AuditChange("a", AuditVerbs.KeyCreate, "bc", "", "", "")])[0];

        Assert.NotEqual(one.Hash, other.Hash);
    }

    /// <summary>Computed by hand, in another language: the form is what is written down.</summary>
    [Fact]
    public void Hash_of_a_known_entry_is_the_one_that_was_computed_elsewhere()
    {
        var change = new AuditChange("operator.key", AuditVerbs.KeyCreate, "key 0a", "", "free: infer", "für die App");

        var entry = AuditChain.Append(AuditHead.Origin, change, "op-1", new DateTimeOffset(2026, 1, 5, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(1234567));

        Assert.Equal("b6a31bc3805696df4c605649f5275f68a9766e744119d2be8b09e19989643a88", entry.Hash);
    }

    private static Func<AuditEntry, string, AuditEntry>[] Alterations { get; } =
    [
        static (e, _) => e with { Sequence = e.Sequence + 1 },
        static (e, t) => e with { At = e.At.AddTicks(t.Length + 1) },
        static (e, t) => e with { Operation = t },
        static (e, t) => e with { Change = e.Change with { Who = t } },
        static (e, t) => e with { Change = e.Change with { What = t } },
        static (e, t) => e with { Change = e.Change with { Subject = t } },
        static (e, t) => e with { Change = e.Change with { From = t } },
        static (e, t) => e with { Change = e.Change with { To = t } },
        static (e, t) => e with { Change = e.Change with { Why = t } },
        static (e, t) => e with { Previous = t },
        static (e, t) => e with { Hash = t },
    ];

    internal static AuditChange Change(string why) => new("operator.key", AuditVerbs.KeyCreate, "key 1", "", "free: infer", why);

    internal static AuditEntry[] Chain(IReadOnlyList<AuditChange> changes)
    {
        var head = AuditHead.Origin;
        var log = new AuditEntry[changes.Count];
        for (var i = 0; i < log.Length; i++) head = (log[i] = AuditChain.Append(head, changes[i], $"op-{i}", Start.AddSeconds(i))).Head;
        return log;
    }
}
