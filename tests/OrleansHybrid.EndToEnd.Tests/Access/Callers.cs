using System.Net;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>Who asks: with what credential, of a cell with which setting.</summary>
public enum CallerKind
{
    /// <summary>No credential, <c>--auth off</c> on loopback.</summary>
    NobodyWhereNoneIsNeeded,

    /// <summary>No credential, <c>--auth required</c>.</summary>
    NobodyWhereOneIsNeeded,
    WrongKeyWhereNoneIsNeeded,
    WrongKey,

    /// <summary>The form of an API key, with a secret that no key has.</summary>
    WrongSecret,
    RevokedKey,
    Viewer,
    Infer,
    Operator,
    Approver,

    /// <summary>What a node has from enrolling.</summary>
    Node,

    /// <summary>What a region has from enrolling.</summary>
    Region,

    /// <summary>What a node had from enrolling, until an operator revoked it.</summary>
    RevokedNode,

    /// <summary>What a region had.</summary>
    RevokedRegion,
    LinkKey,
    OperatorKey,
}

/// <summary>What the table means for a caller: admitted, 401 or 403.</summary>
internal static class Callers
{
    public static IEnumerable<CallerKind> All => Enum.GetValues<CallerKind>();

    public static bool IsRequired(CallerKind caller) => caller is not (CallerKind.NobodyWhereNoneIsNeeded or CallerKind.WrongKeyWhereNoneIsNeeded);

    /// <summary>Null: admitted, whatever comes of the request itself.</summary>
    public static HttpStatusCode? Refusal(CallerKind caller, Needs needs)
    {
        if (needs == Needs.Nothing) return null;
        if (caller is CallerKind.NobodyWhereOneIsNeeded or CallerKind.WrongKeyWhereNoneIsNeeded or CallerKind.WrongKey or CallerKind.WrongSecret or CallerKind.RevokedKey or CallerKind.RevokedNode or CallerKind.RevokedRegion) return HttpStatusCode.Unauthorized;
        return Holds(caller, needs) ? null : HttpStatusCode.Forbidden;
    }

    private static bool Holds(CallerKind caller, Needs needs) => caller switch
    {
        CallerKind.Operator or CallerKind.OperatorKey => needs is not Needs.Node,
        CallerKind.Approver => needs is Needs.Auditor or Needs.Viewer or Needs.Reader or Needs.ReaderOrNode,
        CallerKind.Viewer => needs is Needs.Viewer or Needs.Reader or Needs.ReaderOrNode,
        CallerKind.Infer => needs is Needs.Infer or Needs.Reader or Needs.ReaderOrNode,
        CallerKind.Node or CallerKind.Region => needs is Needs.Node or Needs.ReaderOrNode or Needs.Infer or Needs.Reader,
        CallerKind.LinkKey => needs is not (Needs.Operator or Needs.Auditor),
        _ => needs is not (Needs.Operator or Needs.Auditor or Needs.Node),
    };
}
