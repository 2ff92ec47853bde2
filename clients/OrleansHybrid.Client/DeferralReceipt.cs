namespace OrleansHybrid.Client;

/// <summary>A request that was kept to be sent when its zone can be reached.</summary>
/// <param name="RequestId">Comes back with the answer.</param>
/// <param name="Until">When it is dropped unless it could be sent before.</param>
public sealed record DeferralReceipt(string RequestId, DateTimeOffset Until);
