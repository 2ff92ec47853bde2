using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.EndToEnd.Tests.Client.Tour;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Cluster;

/// <summary>Typed access to a cell's grains from a service beside it.</summary>
[Collection(OneProcess.Name)]
public sealed class ClusterTests(OneProcessFarm fixture)
{
    private readonly TestFarm farm = fixture.Farm;

    private static Tensor Easy => ClusterTensors.Of("audio", MemoryMarshal.Cast<byte, short>(Clips.EasyAudio), 1, Clips.Samples);

    private string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{farm.EuWest.Gateway}");

    [Fact]
    public async Task Gateway_alone_is_enough_to_run_explain_and_read_reports()
    {
        await using var service = await StartAsync();
        var cluster = service.Cluster;

        var result = await cluster.Router.InferAsync(ClusterRequests.Of(Clips.Model, Easy, timeout: Wait.Long));
        var plan = await cluster.Router.ExplainAsync(new ExplainRequest(Clips.Model, null, RouteParameters.None, Caller.Anonymous, 32_000, new Dictionary<string, double>(), new Dictionary<string, string>()));
        FleetPage? nodes = null;
        await Wait.Until(async () => (nodes = await cluster.Nodes.ListAsync(new FleetQuery(Rows: 1))).Nodes is [{ Health: NodeHealth.Healthy }], "the cell to list its silo");
        await Wait.Until(async () => (await cluster.Ledger.QueryAsync([LedgerColumn.Model])).Totals.Any(t => t.Group.Model == Clips.Model && t.Figures.Requests > 0), "the ledger to know the request");
        await Wait.Until(async () => (await cluster.Models.GetVersionAsync(Clips.Model, 1)).LastBatch is not null, "the counters to arrive");

        Assert.Equal((Device.EasyLabel, Zone.Edge, "eu-west"), (result.Response!.Label, result.Response.Provenance.Zone, result.Response.Provenance.Cell));
        Assert.Equal(22, ClusterTensors.Elements<float>(result.Response.Outputs[0]).Length);
        Assert.Contains("\"plan_version\":1", plan.PlanJson, StringComparison.Ordinal);
        Assert.Equal(farm.EuWest.Node(), nodes!.Nodes[0].Key.Node);
        Assert.Equal(NodeHealth.Healthy, (await cluster.Nodes.GetAsync(farm.EuWest.Node())).Health);
        Assert.Equal(1, await CountAsync(cluster.Nodes.AllAsync(new FleetQuery(Rows: 1))));
    }

    [Fact]
    public async Task Caller_that_cancels_goes_on_and_its_pooled_memory_is_its_own_again()
    {
        await using var service = await StartAsync();
        var pool = new TensorPool(poison: true);
        using var gone = new CancellationTokenSource();
        var lease = pool.Copy(Clips.EasyAudio);
        var request = ClusterRequests.Of(Clips.Model, new Tensor("audio", TensorDataType.Int16, new TensorShape(1, Clips.Samples), lease), timeout: Wait.Long);

        var call = service.Cluster.Router.InferAsync(request, gone.Token).AsTask();
        lease.Release();
        var answered = await call;
        await gone.CancelAsync();
        var cancelled = await service.Cluster.Router.InferAsync(ClusterRequests.Of(Clips.Model, Easy), gone.Token);

        Assert.Equal(Device.EasyLabel, answered.Response?.Label);
        Assert.Equal(FailureCode.Cancelled, cancelled.Failure?.Code);
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public async Task Failures_of_the_cell_are_values()
    {
        await using var service = await StartAsync();

        var unknown = await service.Cluster.Router.InferAsync(ClusterRequests.Of("nothing", Easy, timeout: Wait.Long));
        var private_ = await service.Cluster.Router.InferAsync(ClusterRequests.Of(Clips.Model, Easy, RouteParameters.None with { Privacy = Domain.Privacy.PrivacyCeiling.Device }, Wait.Long));

        Assert.Equal((FailureCode.ModelNotFound, FailureCode.PrivacyRefused), (unknown.Failure!.Code, private_.Failure!.Code));
    }

    [Fact]
    public async Task Name_of_another_cell_fails_the_start_and_says_what_to_check()
    {
        var refused = await Assert.ThrowsAsync<HybridClusterException>(() => ClusterService.StartAsync(o => (o.Cell, o.Gateways, o.ConnectTimeout) = ("eu-wset", [Gateway], TimeSpan.FromSeconds(3))));

        Assert.All(["'eu-wset'", Gateway, "--cell"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_that_cannot_work_are_listed_all_at_once()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddOrleansHybridClient(o => (o.Redis, o.Gateways, o.ConnectTimeout) = ("http://x", ["nowhere"], TimeSpan.Zero)));

        Assert.All(["Cell:", "came both", "Redis: expected redis://", "'nowhere'", "ConnectTimeout:"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_runs_as_its_first_lines_say()
    {
        var sample = Path.Combine(RepositoryRoot.Path, "clients", "samples", "BesideACell", "bin", RepositoryRoot.Configuration, "net10.0", "BesideACell.dll");

        var said = await Command.RunAsync("dotnet", RepositoryRoot.Path, [sample, "eu-west", Gateway, Clips.PathOf("easy.raw")]);

        Assert.Contains($"{Device.EasyLabel} from edge eu-west, tiny-int8, because ", said, StringComparison.Ordinal);
        Assert.Contains($"node eu-west/{farm.EuWest.Node()} is ", said, StringComparison.Ordinal);
        Assert.Contains("version keyword@1: ", said, StringComparison.Ordinal);
    }

    private Task<ClusterService> StartAsync() => ClusterService.StartAsync(o => (o.Cell, o.Gateways) = ("eu-west", [Gateway]));

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        var count = 0;
        await foreach (var _ in items) count++;
        return count;
    }
}
