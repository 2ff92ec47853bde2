using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Client;

/// <summary>The device zone in an app's own process: the planner and engine of a cell, without a cluster. It answers here what it can and asks the cell above for the rest.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>It needs nothing above: without an upstream, or while the link is down, it answers with what it has and says <c>degraded</c> where that is not what was wanted.</item>
/// <item>Input under a <c>device</c> ceiling never leaves; what does leave is in <see cref="Egress"/>.</item>
/// <item>Expected failures are results, never exceptions. A request's leases stay the caller's, an answer's become the caller's.</item>
/// </list>
/// </remarks>
/// <example><code>
/// await using var client = await HybridClient.StartAsync(new HybridClientOptions(["models"], "state") { Upstream = "https://cell.example:8001" }, cancellationToken);
/// using var audio = client.Pool.Copy(bytes);
/// var input = new Tensor("audio", TensorDataType.Int16, new TensorShape(1, 16000), audio);
/// var result = await client.InferAsync(new InferenceRequest("r1", "keyword", null, [input], [], RouteParameters.None, Caller.Anonymous, TimeSpan.FromSeconds(1)), cancellationToken);
/// </code></example>
public sealed class HybridClient : IInferenceService, IAsyncDisposable
{
    private readonly DeviceFolder folder;
    private readonly OnnxInferenceEngine engine;
    private readonly ModelRepository repository;
    private readonly UpstreamDirectory upstreams;
    private readonly DeviceSnapshots snapshots;
    private readonly RequestRunner runner;

    private HybridClient(HybridClientOptions options, DeviceFolder folder)
    {
        this.folder = folder;
        engine = new OnnxInferenceEngine(new EngineSettings(), Pool, options.Clock, options.Notice);
        repository = new ModelRepository(new RepositorySettings(options.Models, Zone.Device, options.Data) { Notice = options.Notice }, engine, OnnxScan.Scan);
        upstreams = new UpstreamDirectory(LinkOptions(options), options.Upstream is not null, Egress, Pool, options.Clock);
        var loads = new DeviceLoadMeter(options.Clock);
        snapshots = new DeviceSnapshots(options, engine, repository, upstreams, loads);
        runner = new RequestRunner(engine, upstreams, loads, options.Clock);
    }

    /// <summary>Where tensors for requests can be rented.</summary>
    public TensorPool Pool { get; } = new();

    /// <summary>What left this device lately.</summary>
    public EgressLog Egress { get; } = new();

    public IModelRepository Models => repository;

    /// <summary>The link upwards; null without one.</summary>
    public UpstreamState? Link => upstreams.Above?.State;

    /// <summary>Loads and warms up every model, and begins to probe the link. A broken model stops neither the others nor the start: <see cref="Models"/> says what is wrong with it. A cell above that is away does not matter.</summary>
    /// <exception cref="ArgumentException">Options that cannot work, every one of them listed.</exception>
    /// <exception cref="IOException">The data folder is held by another client or open to other users.</exception>
    public static async Task<HybridClient> StartAsync(HybridClientOptions options, CancellationToken cancellationToken)
    {
        var errors = options.Check();
        if (errors.Count > 0) throw new ArgumentException(string.Join('\n', errors), nameof(options));
        var client = new HybridClient(options, DeviceFolder.Take(options.Data));
        try
        {
            client.upstreams.Above?.Start();
            var found = await client.repository.LoadAllAsync(cancellationToken).ConfigureAwait(false);
            foreach (var broken in found.Broken) options.Notice($"{broken.Model} is not whole: {broken.Reason}");
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        runner.InferAsync(request, snapshots.Current, cancellationToken);

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(runner.Explain(request, snapshots.Current));

    /// <summary>Takes nothing new, lets runs of the engine finish, and closes the link; calls that wait for the cell above fail over or fail.</summary>
    public async ValueTask DisposeAsync()
    {
        snapshots.Drain();
        await engine.DisposeAsync().ConfigureAwait(false);
        await upstreams.DisposeAsync().ConfigureAwait(false);
        snapshots.Dispose();
        folder.Dispose();
    }

    /// <summary>A device alone gives an address that is never called.</summary>
    private static UpstreamOptions LinkOptions(HybridClientOptions options) => new(options.Upstream ?? "http://127.0.0.1:1", options.Node, Zone.Device)
    {
        Zone = options.UpstreamZone,
        Credential = options.Credential,
        InsecureLinks = options.InsecureLinks,
        Seed = StringComparer.Ordinal.GetHashCode(options.Node),
    };
}
