using System.Collections.Concurrent;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>How a caller of this silo cancels its request in the routing grain.</summary>
/// <remarks>
/// The runtime's own cancellation of a call is a message to the grain, and a stateless worker that is busy does not get it: another worker does.
/// It would also let the caller go on before the grain came back, which loses the leases of an answer under way. Within a silo the request passes by
/// reference, so its identity leads the grain to the caller's token.
/// </remarks>
public sealed class CallerTokens
{
    private readonly ConcurrentDictionary<InferenceRequest, CancellationToken> tokens = new(ReferenceEqualityComparer.Instance);

    public void Add(InferenceRequest request, CancellationToken token) => tokens[request] = token;

    public void Remove(InferenceRequest request) => tokens.TryRemove(request, out _);

    /// <summary>The token of the caller in this process, or <paramref name="other"/> when the request came from elsewhere.</summary>
    public CancellationToken Find(InferenceRequest request, CancellationToken other) => tokens.TryGetValue(request, out var token) ? token : other;
}
