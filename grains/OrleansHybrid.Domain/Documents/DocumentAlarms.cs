namespace OrleansHybrid.Domain.Documents;

public enum DocumentFreshness
{
    Fresh,

    /// <summary>Within <see cref="Limits.DocumentExpiresSoon"/> of its end: its author should have renewed it.</summary>
    ExpiresSoon,

    /// <summary>Over. It goes on being served, and no wave starts by it.</summary>
    Expired,
}

/// <summary>How old one document is.</summary>
/// <param name="Age">Since it was issued; negative when this place's clock is behind its author's.</param>
/// <param name="Left">Until it expires; negative after.</param>
public sealed record DocumentAge(DocumentHeader Header, TimeSpan Age, TimeSpan Left, DocumentFreshness Freshness);

/// <summary>Which documents are old, and how old. Pure. A removed document needs no renewal and raises no alarm.</summary>
public static class DocumentAlarms
{
    /// <summary>Those that expired or soon will, the oldest first.</summary>
    public static IReadOnlyList<DocumentAge> Of(DocumentSet set, DateTimeOffset now) =>
        [.. set.Documents.Select(d => (Document: d, Age: AgeOf(d.Header, now))).Where(d => d.Age.Freshness != DocumentFreshness.Fresh && d.Document.Content() is { Removed: false }).Select(d => d.Age).OrderBy(a => a.Left)];

    public static DocumentAge AgeOf(DocumentHeader header, DateTimeOffset now)
    {
        var left = header.Expires - now;
        return new DocumentAge(header, now - header.Issued, left, left <= TimeSpan.Zero ? DocumentFreshness.Expired : left <= Limits.DocumentExpiresSoon ? DocumentFreshness.ExpiresSoon : DocumentFreshness.Fresh);
    }
}
