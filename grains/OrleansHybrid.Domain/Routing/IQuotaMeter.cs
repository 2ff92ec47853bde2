namespace OrleansHybrid.Domain.Routing;

/// <summary>Knows, on this silo, what each tenant's quotas leave. Called on the request's path: memory alone, no waiting, no throwing.</summary>
public interface IQuotaMeter
{
    /// <summary>Counts one request of the tenant and says what is left.</summary>
    QuotaState Take(string tenant);

    /// <summary>What <see cref="Take"/> would say, without counting: for explanations.</summary>
    QuotaState Peek(string tenant);
}

/// <summary>What a tenant's quotas leave. The default: no quota.</summary>
/// <param name="OverRate">The requests of this minute are used up: the request is refused.</param>
/// <param name="MoneyLeftMicrousd">What may still be spent today (UTC), micro-USD; null: no such quota. Zones that cost more are ruled out, so an exhausted budget changes the route before it refuses.</param>
/// <param name="RetryAfter">When the quota that is used up is renewed.</param>
public readonly record struct QuotaState(bool OverRate = false, double? MoneyLeftMicrousd = null, TimeSpan RetryAfter = default);

/// <summary>No quotas: a device, and a cell without a policy.</summary>
public sealed class NoQuotas : IQuotaMeter
{
    public static NoQuotas Instance { get; } = new();

    public QuotaState Take(string tenant) => default;

    public QuotaState Peek(string tenant) => default;
}
