using Microsoft.Extensions.Hosting;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client.Orleans;

/// <summary>The last step of the start: asks the cell's router something, so that a wrong name or address fails the start in words instead of warning for ever.</summary>
internal sealed class ClusterCheck(IClusterClient client, OrleansHybridClientOptions options, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var probe = new ExplainRequest("", null, RouteParameters.None, Caller.Anonymous, 0, new Dictionary<string, double>(), new Dictionary<string, string>());
            await client.GetRouter(options.Cell).ExplainAsync(probe, linked.Token).AsTask().WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested && (failed is OperationCanceledException || ClusterCalls.IsTrouble(failed)))
        {
            throw new HybridClusterException(await ClusterTrouble.DescribeAsync(options).ConfigureAwait(false), failed);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
