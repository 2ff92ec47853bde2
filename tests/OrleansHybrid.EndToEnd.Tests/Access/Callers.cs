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
        if (caller is CallerKind.NobodyWhereOneIsNeeded or CallerKind.WrongKeyWhereNoneIsNeeded or CallerKind.WrongKey or CallerKind.WrongSecret or CallerKind.RevokedKey) return HttpStatusCode.Unauthorized;
        return Holds(caller, needs) ? null : HttpStatusCode.Forbidden;
    }

    private static bool Holds(CallerKind caller, Needs needs) => caller switch
    {
        CallerKind.LinkKey when needs == Needs.Node => true,
        _ when needs == Needs.Node => false,
        CallerKind.Operator or CallerKind.OperatorKey => true,
        CallerKind.Viewer => needs is Needs.Viewer or Needs.Reader,
        CallerKind.Infer => needs is Needs.Infer or Needs.Reader,
        _ => needs is not Needs.Operator,
    };
}
