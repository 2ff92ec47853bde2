using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>One request, parsed once.</summary>
/// <param name="Id">The caller's id, or one the gateway made.</param>
/// <param name="Version">Null: the model's default version.</param>
/// <param name="Outputs">Names wanted; empty: all.</param>
/// <param name="Timeout">How long the caller waits from the hand-over; null: <see cref="Limits.DeadlineMax"/>.</param>
/// <param name="Priority">Triton's: 1 is first, 0 is the default level.</param>
[GenerateSerializer, Immutable, Alias("hybrid.infer-request")]
public sealed record InferenceRequest(
    [property: Id(0)] string Id,
    [property: Id(1)] string Model,
    [property: Id(2)] int? Version,
    [property: Id(3)] IReadOnlyList<Tensor> Inputs,
    [property: Id(4)] IReadOnlyList<string> Outputs,
    [property: Id(5)] RouteParameters Parameters,
    [property: Id(6)] Caller Caller,
    [property: Id(7)] TimeSpan? Timeout,
    [property: Id(8)] int Priority = 0)
{
    /// <summary>Bytes of raw tensor data.</summary>
    public long InputBytes
    {
        get
        {
            long bytes = 0;
            for (var i = 0; i < Inputs.Count; i++) bytes += Inputs[i].Data.Length;
            return bytes;
        }
    }
}

/// <summary>Who asks, as the transport and the credential tell it; never the body.</summary>
/// <param name="Hops">The cells the request passed, oldest first; empty when it entered the farm here.</param>
/// <param name="TrustedHop">The hop's credential is a link's: its privacy and tenant are believed.</param>
[GenerateSerializer, Immutable, Alias("hybrid.caller")]
public sealed record Caller(
    [property: Id(0)] string Tenant,
    [property: Id(1)] IReadOnlyList<string> Hops,
    [property: Id(2)] bool TrustedHop,
    [property: Id(3)] string? TraceParent)
{
    public const string DefaultTenant = "default";

    public static Caller Anonymous { get; } = new(DefaultTenant, [], false, null);
}
