using System.Net;
using Orleans.Persistence.Redis;
using OrleansHybrid.Domain.Audit;
using StackExchange.Redis;

namespace OrleansHybrid.Silo.Admin;

/// <summary>A change that the cell's store did not take: said as such (503) instead of as a bug.</summary>
internal static class StoreProblem
{
    /// <summary>What the change brought, or the answer to give instead.</summary>
    /// <param name="consequence">What did not happen, as a sentence without its full stop.</param>
    public static async Task<(T? Result, IResult? Problem)> Guard<T>(Task<T> change, string consequence)
        where T : class
    {
        try
        {
            return (await change, null);
        }
        catch (Exception wrong) when (wrong is AuditUnavailableException or RedisException or RedisStorageException or TimeoutException or OrleansException)
        {
            return (null, AdminProblem.Of(HttpStatusCode.ServiceUnavailable, $"{consequence}: the cell's store does not answer. See that it runs, and send this again."));
        }
    }
}
