using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Silo.Audit;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/audit</c>: who changed what, and whether the log is still what was written.</summary>
/// <remarks>For operators and approvers, not for every viewer: it names people's keys and the reasons they gave.</remarks>
internal static class AuditRoutes
{
    private const string Newest = "newest", Oldest = "oldest";
    private static readonly AdminRight Right = new(CallerRoles.Operator | CallerRoles.Approver);

    public static void MapAudit(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/audit", ListAsync).WithName("ListAudit").WithMetadata(Right).Produces<AuditPageView>().Produces<AdminProblem>(StatusCodes.Status400BadRequest)
            .WithSummary("Every change of the cell, hash-chained, newest first; ?order=oldest turns it. ?what= (a verb, or what stands before its dot), ?subject=, ?who=, ?since= and ?rows= narrow; ?after= takes the last page's next.");

    private static async Task<IResult> ListAsync([AsParameters] AuditFilter filter, AuditReader reader, AuditStatus status, CancellationToken cancellationToken)
    {
        if (filter.Error is { } error) return AdminProblem.Of(HttpStatusCode.BadRequest, error);
        var (page, problem) = await StoreProblem.Guard(ReadAsync(filter, reader, cancellationToken), "The audit log was not read");
        return page is null ? problem! : Results.Ok(AuditPageView.Of(page, status.Current));
    }

    /// <summary>Looks at <see cref="Limits.AuditScanMax"/> entries at most, so that a filter that matches little cannot read the whole log at once.</summary>
    private static async Task<AuditPage> ReadAsync(AuditFilter filter, AuditReader reader, CancellationToken cancellationToken)
    {
        var (book, rows, scanned) = (await reader.BookAsync(cancellationToken), RecordPage.Rows(filter.Rows), 0);
        var found = new List<AuditEntry>();
        var ascending = filter.Order == Oldest;
        var segments = ascending ? reader.UpAsync(book, filter.After ?? 0, cancellationToken) : reader.DownAsync(book, filter.After ?? long.MaxValue, cancellationToken);
        await foreach (var segment in segments)
        {
            foreach (var entry in ascending ? segment : segment.Reverse())
            {
                if (filter.After is { } after && (ascending ? entry.Sequence <= after : entry.Sequence >= after)) continue;
                if (!ascending && entry.At < filter.Since) return new AuditPage(book, found, null);
                if (filter.Matches(entry)) found.Add(entry);
                if (found.Count == rows || ++scanned == Limits.AuditScanMax) return new AuditPage(book, found, entry.Sequence);
            }
        }

        return new AuditPage(book, found, null);
    }

    /// <param name="After">Goes on behind that entry in the order asked for.</param>
    /// <param name="Order"><c>newest</c> (default) or <c>oldest</c>, first.</param>
    internal sealed record AuditFilter(string? What, string? Subject, string? Who, DateTimeOffset? Since, long? After, int? Rows, string? Order)
    {
        public string? Error =>
            Order is not (null or Newest or Oldest) ? $"order: expected {Newest} or {Oldest}; came '{Cut(Order)}'."
            : What is not null && !AuditVerbs.All.Any(IsAsked) ? $"what: there is no verb '{Cut(What)}'.{Meant(What)} The verbs are {string.Join(", ", AuditVerbs.All)}."
            : null;

        public bool Matches(AuditEntry entry) =>
            (What is null || IsAsked(entry.Change.What))
            && (Subject is null || entry.Change.Subject == Subject)
            && (Who is null || entry.Change.Who == Who)
            && (Since is null || entry.At >= Since);

        private bool IsAsked(string verb) => verb == What || verb.StartsWith(What + ".", StringComparison.Ordinal);

        private static string Meant(string what) => Spelling.Nearest(what, AuditVerbs.All) is { } nearest ? $" Did you mean '{nearest}'?" : "";

        private static string Cut(string text) => text.Length <= Limits.NameCharsMax ? text : text[..Limits.NameCharsMax] + "…";
    }

    internal sealed record AuditPage(AuditBook Book, IReadOnlyList<AuditEntry> Entries, long? Next);
}

/// <param name="Verified">Whether the whole log is what was written, as this silo found at its start and since; null: it has not read it yet.</param>
/// <param name="BrokenFrom">The first entry that cannot be relied on; null: none.</param>
/// <param name="BrokenWhy">What was expected there and what was found.</param>
/// <param name="CheckedAt">When this silo looked last.</param>
/// <param name="Anchor">The last entry that was dropped by size or age: the first kept entry's previous hash is its hash.</param>
/// <param name="Head">The last entry.</param>
/// <param name="Next">For <c>?after=</c>; null on the last page.</param>
internal sealed record AuditPageView(
    bool? Verified, long? BrokenFrom, string? BrokenWhy, DateTimeOffset? CheckedAt, AuditHead Anchor, AuditHead Head, IEnumerable<AuditEntryView> Entries, long? Next)
{
    public static AuditPageView Of(AuditRoutes.AuditPage page, AuditCheck check) => new(
        check.At is null ? null : check.Break is null, check.Break?.From, check.Break?.Reason, check.At, page.Book.Anchor, page.Book.Head, page.Entries.Select(AuditEntryView.Of), page.Next);
}

/// <param name="At">UTC with seven digits after the point: as it is hashed.</param>
internal sealed record AuditEntryView(
    long Sequence, string At, string Operation, string Who, string What, string Subject, string From, string To, string Why, string Previous, string Hash)
{
    public static AuditEntryView Of(AuditEntry e) =>
        new(e.Sequence, AuditBytes.TimeText(e.At), e.Operation, e.Change.Who, e.Change.What, e.Change.Subject, e.Change.From, e.Change.To, e.Change.Why, e.Previous, e.Hash);
}
