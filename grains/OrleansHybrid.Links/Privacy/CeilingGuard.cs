using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Privacy;

/// <summary>The one place that lets raw input out: a request becomes a message only with a <see cref="Crossing"/>, and only this class makes one.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>The zone of a server is what the operator configured, cloud when nothing is. A server that states a lower zone is not believed.</item>
/// <item>A server that states a higher zone than configured counts as the higher one: requests that may not be there are refused, until it states otherwise.</item>
/// <item>A server that answered from a zone its request was forbidden broke its promise: it counts as cloud for as long as this client lives.</item>
/// <item>A zone or ceiling outside the known values counts as cloud or device: it fails closed.</item>
/// <item>Only a client that is configured as a peer's may carry a message that leaves no egress record; a request cannot claim that by itself.</item>
/// </list>
/// </remarks>
public sealed class CeilingGuard(GuardSettings settings, IEgressLog egress, TimeProvider clock)
{
    private readonly Zone configured = Known(settings.Zone);
    private int stated = (int)Zone.Device;
    private int breached;

    /// <summary>The zone that requests are judged by.</summary>
    public Zone Zone => Volatile.Read(ref breached) != 0 ? Zone.Cloud : (Zone)Math.Max((int)configured, Volatile.Read(ref stated));

    /// <summary>The server's zone must be heard from itself before this request may go: the configuration alone would let it through.</summary>
    public bool NeedsStatement(UpstreamRequest request) => !Ceiling(request).Permits(Zone.Cloud);

    /// <summary>What the server says of itself; null when it says nothing, as a foreign one does.</summary>
    public void Hear(Zone? zone) => Volatile.Write(ref stated, (int)(zone is { } known ? Known(known) : Zone.Device));

    /// <summary>Where an answer says it was computed. False when the request's ceiling forbade that zone.</summary>
    public bool AcceptsAnswerFrom(UpstreamRequest request, Zone answered)
    {
        if (Ceiling(request).Permits(Known(answered))) return true;
        Volatile.Write(ref breached, 1);
        return false;
    }

    /// <summary>Null when the request may go to the server.</summary>
    public InferenceFailure? Judge(UpstreamRequest request)
    {
        var ceiling = Ceiling(request);
        if (ceiling.Permits(Zone)) return null;
        return new InferenceFailure(
            FailureCode.PrivacyRefused,
            $"The privacy ceiling of this request is '{ceiling.WireName()}', and the upstream counts as '{Zone.WireName()}': nothing was sent. Answer it below, or loosen the ceiling by a policy rule that names the tenant.");
    }

    /// <summary>The permit to serialise one request, or the refusal.</summary>
    public InferenceFailure? Open(UpstreamRequest request, string to, out Crossing? crossing)
    {
        crossing = null;
        if (Judge(request) is { } refusal) return refusal;
        var staysInZone = request.SameZone && settings.Peer;
        crossing = new Crossing(staysInZone ? null : egress, settings, request with { Ceiling = Ceiling(request) }, to, Zone, clock);
        return null;
    }

    private static PrivacyCeiling Ceiling(UpstreamRequest request) =>
        request.Ceiling is PrivacyCeiling.Device or PrivacyCeiling.Edge or PrivacyCeiling.Any ? request.Ceiling : PrivacyCeiling.Device;

    private static Zone Known(Zone zone) => zone is Zone.Device or Zone.Edge or Zone.Cloud ? zone : Zone.Cloud;
}

/// <param name="Cell">This cell.</param>
/// <param name="OwnZone">This cell's zone: where a crossing starts.</param>
/// <param name="Zone">The server's zone as configured.</param>
/// <param name="Peer">The server is a silo of this cell.</param>
public sealed record GuardSettings(string Cell, Zone OwnZone, Zone Zone, bool Peer);
