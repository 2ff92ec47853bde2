namespace OrleansHybrid.Domain.Ledger;

/// <summary>How one quota is shared out to silos. Pure: the caller stores the book, then answers.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Grants are whole amounts for a window, not differences: a question that is repeated, or comes late, grants nothing twice.</item>
/// <item>The grants of a window never add up to more than the quota, unless silos report that they used more (their credit, their fail-safe): that is booked first.</item>
/// <item>What was granted to a silo that ended counts as spent until its window ends.</item>
/// <item>A window that was closed is never opened again, whatever the clock does.</item>
/// </list>
/// </remarks>
public static class QuotaRules
{
    public static (QuotaBook Next, QuotaGrant Grant) Lease(QuotaBook book, QuotaAsk ask, DateTimeOffset now)
    {
        var current = QuotaWindows.IndexOf(ask.Kind, now);
        book = Close(book, ask.Kind, current - 1);
        if (ask.Window < current - 1 || ask.Window > current + 1 || ask.Window <= book.LastOver(ask.Kind))
        {
            return (book, new QuotaGrant(QuotaVerdict.OutOfTime, ask.Window, 0, 0, ask.Epoch));
        }

        var window = book.Find(ask.Kind, ask.Window) ?? new QuotaWindow(ask.Kind, ask.Window, 0, []);
        var known = window.Holders.FirstOrDefault(h => h.Silo == ask.Silo);
        if (known?.Epoch > ask.Epoch) return (book, new QuotaGrant(QuotaVerdict.OldStart, ask.Window, 0, 0, known.Epoch));
        if (known is not null && known.Epoch == ask.Epoch && known.Sequence >= ask.Sequence)
        {
            return (book, new QuotaGrant(QuotaVerdict.Granted, ask.Window, known.Granted, Free(window, ask.Quota), known.Epoch));
        }

        return Grant(book, window, known, ask);
    }

    private static (QuotaBook, QuotaGrant) Grant(QuotaBook book, QuotaWindow window, QuotaHolder? known, QuotaAsk ask)
    {
        var closed = window.Closed + (known is not null && known.Epoch < ask.Epoch ? known.Granted : 0);
        var others = window.Holders.Where(h => h.Silo != ask.Silo).ToArray();
        var free = Math.Max(0, ask.Quota - closed - others.Sum(h => h.Granted) - ask.Used);
        var limit = ask.Used + Math.Clamp(ask.Hold, 0, free);
        var next = window with { Closed = closed, Holders = others.Append(new QuotaHolder(ask.Silo, ask.Epoch, ask.Sequence, limit)).ToArray() };
        next = Fold(next);
        var windows = book.Windows.Where(w => w.Kind != window.Kind || w.Index != window.Index).Append(next).ToArray();
        return (book with { Windows = windows }, new QuotaGrant(QuotaVerdict.Granted, ask.Window, limit, Free(next, ask.Quota), ask.Epoch));
    }

    private static long Free(QuotaWindow window, long quota) => Math.Max(0, quota - window.Granted);

    /// <summary>The holder that has been silent longest stands first. Its grant stays spent.</summary>
    private static QuotaWindow Fold(QuotaWindow window) => window.Holders.Count <= Limits.CounterSourcesMax
        ? window
        : window with { Closed = window.Closed + window.Holders[0].Granted, Holders = window.Holders.Skip(1).ToArray() };

    private static QuotaBook Close(QuotaBook book, QuotaKind kind, long before)
    {
        if (before - 1 <= book.LastOver(kind)) return book;
        var windows = book.Windows.Where(w => w.Kind != kind || w.Index >= before).ToArray();
        return kind == QuotaKind.RequestsPerMinute
            ? book with { Windows = windows, MinutesOver = before - 1 }
            : book with { Windows = windows, DaysOver = before - 1 };
    }
}
