using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Privacy;

/// <summary>The guard's permit to hand one request to the transport.</summary>
/// <remarks>A record is left each time the message is handed over, before its bytes are: also when the transport repeats it, and when the call fails afterwards.</remarks>
public sealed class Crossing
{
    private readonly IEgressLog? egress;
    private readonly GuardSettings settings;
    private readonly UpstreamRequest request;
    private readonly string to;
    private readonly Zone toZone;
    private readonly TimeProvider clock;

    internal Crossing(IEgressLog? egress, GuardSettings settings, UpstreamRequest request, string to, Zone toZone, TimeProvider clock) =>
        (this.egress, this.settings, this.request, this.to, this.toZone, this.clock) = (egress, settings, request, to, toZone, clock);

    /// <summary>What may be sent.</summary>
    public UpstreamRequest Request => request;

    /// <summary>The message goes to the transport now, with <paramref name="bytes"/> of raw tensor data.</summary>
    public void Handed(long bytes) => egress?.Write(new EgressRecord(
        clock.GetUtcNow(), request.RequestId, request.Model, settings.Cell, settings.OwnZone, to, toZone, bytes, request.Ceiling, request.Rule));
}
