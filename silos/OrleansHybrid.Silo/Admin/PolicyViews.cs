using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Silo.Policies;

namespace OrleansHybrid.Silo.Admin;

/// <param name="Current">Null before any policy.</param>
/// <param name="Revisions">Every kept revision, newest first.</param>
/// <param name="Refused">What this silo was given last and does not apply; null when all is well.</param>
internal sealed record PoliciesView(PolicyRevisionView? Current, IEnumerable<PolicyRevisionView> Revisions, PolicyRefusalView? Refused);

internal sealed record PolicyRevisionView(string Policy, long Revision, string Digest, DateTimeOffset AcceptedAt, string By)
{
    public static PolicyRevisionView Of(PolicyRevision r) => new(r.Name, r.Revision, r.Digest, r.AcceptedAt, r.By);

    public static PolicyRevisionView Of(PolicyDocument d) => new(d.Name, d.Revision, d.Digest, d.AcceptedAt, d.By);
}

internal sealed record PolicyRefusalView(string Source, DateTimeOffset Since, string Digest, IEnumerable<PolicyErrorView> Errors)
{
    public static PolicyRefusalView? Of(PolicyRefusal? r) => r is null ? null : new(r.Source, r.Since, r.Digest, r.Errors.Select(PolicyErrorView.Of));
}

/// <param name="Line">Counted from 1; 0 when the error has no place in a text.</param>
internal sealed record PolicyErrorView(string Place, int Line, int Column, string Expected, string Came, string Remedy)
{
    public static PolicyErrorView Of(ManifestError e) => new(e.Path, e.Line, e.Column, e.Expected, e.Came, e.Remedy);

    public static PolicyErrorView Of(PolicyError e) => new(e.Place, 0, 0, e.Expected, e.Came, e.Remedy);
}

/// <summary>Why a policy was refused, in the shape of every admin error and with each error by itself.</summary>
internal sealed record PolicyErrorsView(string Error, IEnumerable<PolicyErrorView> Errors);

/// <param name="Applied">False for a dry run.</param>
/// <param name="Verdict"><c>accepted</c>, or <c>same</c> for the current text itself.</param>
internal sealed record PolicyAppliedView(string Policy, long Revision, string Digest, string Verdict, bool Applied, IEnumerable<PolicyChange> Changes, IEnumerable<PolicyLaxity> Laxer);
