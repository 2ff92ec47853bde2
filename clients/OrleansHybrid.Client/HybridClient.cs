using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Client;

/// <summary>The device zone in an app's own process: the planner and engine of a cell, without a cluster. It answers here what it can and asks the cell above for the rest.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>It needs nothing above: without an upstream, or while the link is down, it answers with what it has and says <c>degraded</c> where that is not what was wanted.</item>
/// <item>Input under a <c>device</c> ceiling never leaves; what does leave is in <see cref="Egress"/>.</item>
/// <item>Expected failures are results, never exceptions.</item>
/// <item>As an <see cref="IInferenceService"/> it speaks tensors and leases: a request's stay the caller's, an answer's become the caller's. Apps use <see cref="Model"/>.</item>
/// </list>
/// </remarks>
/// <example><code>
/// await using var hybrid = await HybridClient.StartAsync("models", upstream: "http://127.0.0.1:8011");
/// using var answer = await hybrid.Model("keyword").InferAsync(Wav.FromFile("yes.wav"));
/// Console.WriteLine($"{answer.Label} from the {answer.Zone}, because {answer.Reason}");
/// </code></example>
public sealed class HybridClient : IInferenceService, IAsyncDisposable
{
    private readonly HybridClientOptions options;
    private readonly DeviceFolder folder;
    private readonly ResidentEngine engine;
    private readonly ModelRepository repository;
    private readonly UpstreamDirectory upstreams;
    private readonly FleetClient? fleet;
    private readonly PolicyKeeper policies;
    private readonly DeviceVariants variants;
    private readonly DeviceSnapshots snapshots;
    private readonly Func<ZoneSnapshot> newest;
    private readonly RequestRunner runner;
    private readonly CancellationTokenSource closing = new();
    private readonly string requestPrefix = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
    private long requests;
    private Task following = Task.CompletedTask;
    private int disposed;

    private HybridClient(HybridClientOptions options, DeviceFolder folder)
    {
        (this.options, this.folder) = (options, folder);
        var settings = new EngineSettings { CallerRunMax = Limits.CallerRunMax, MemoryBudgetBytes = options.MemoryBytes ?? 0 };
        engine = new ResidentEngine(new OnnxInferenceEngine(settings, Pool, options.Clock, options.Note), settings, options.Clock, options.Note);
        variants = new DeviceVariants(options.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, options.Note);
        repository = new ModelRepository(RepositoryOf(options, variants), engine, OnnxScan.Scan);
        Egress = new EgressLog(Path.Combine(options.Data, "records"), options.Clock, options.Note);
        upstreams = new UpstreamDirectory(LinkOptions(options), options.Upstream is not null, Egress, Pool, options.Clock);
        fleet = options is { Upstream: not null, FollowPolicy: true, IsQuiet: false } ? new FleetClient(LinkOptions(options), options.Clock) : null;
        policies = new PolicyKeeper(options, folder);
        var loads = new VariantLoadMeter(options.Clock);
        var above = new AboveLoadMeter(options.Clock);
        snapshots = new DeviceSnapshots(options, engine, repository, upstreams, loads, above, policies, variants);
        newest = () => snapshots.Current;
        runner = new RequestRunner(engine, upstreams, new CompositeRequestObserver([loads, above]), options.Clock);
        Deferred = new DeferredRequests(this, new DeferralStore(options, folder));
    }

    /// <summary>Where tensors for requests can be rented.</summary>
    public TensorPool Pool { get; } = new();

    /// <summary>What left this device: in memory the newest, in its folder all that size and age allow.</summary>
    public EgressLog Egress { get; }

    public IModelRepository Models => repository;

    /// <summary>The link upwards; null without one.</summary>
    public UpstreamState? Link => upstreams.Above?.State;

    /// <summary>The policy that holds here, where it is from and how old it is.</summary>
    public HybridPolicyStatus Policy => policies.Status;

    /// <summary>Requests that wait for their zone.</summary>
    public DeferredRequests Deferred { get; }

    internal HybridClientOptions Options => options;

    internal DeviceFolder Folder => folder;

    /// <summary>For a host that serves this client over a protocol of its own.</summary>
    internal IInferenceEngine Engine => engine;

    /// <summary>What each variant here took lately.</summary>
    internal IReadOnlyDictionary<VariantKey, VariantLoad> Loads => snapshots.Current.Inputs.Local;

    /// <summary>Unique among this device's requests; the cell above sees it in its own records.</summary>
    internal string NextRequestId() => string.Create(null, $"{requestPrefix}-{Interlocked.Increment(ref requests)}");

    /// <param name="models">A folder with models, in the layout <c>model/version/</c>.</param>
    /// <param name="upstream"><c>http(s)://host:port</c> of the gRPC port of the cell above; null: this device is alone.</param>
    /// <param name="upstreamZone">Where the cell above stands; say <see cref="Zone.Edge"/> for a region's, so that input with an <c>edge</c> ceiling may go there.</param>
    /// <param name="credential">A key of the cell above; null: none.</param>
    public static Task<HybridClient> StartAsync(string models, string? upstream = null, Zone upstreamZone = Zone.Cloud, string? credential = null, CancellationToken cancellationToken = default) =>
        StartAsync(new HybridClientOptions { Models = [models], Upstream = upstream, UpstreamZone = upstreamZone, Credential = credential }, cancellationToken);

    /// <summary>Loads and warms up every model, and begins to probe the link. A broken model stops neither the others nor the start: <see cref="Models"/> says what is wrong with it. A cell above that is away does not matter.</summary>
    /// <exception cref="ArgumentException">Options that cannot work, every one of them listed.</exception>
    /// <exception cref="IOException">The data folder is held by another client or open to other users.</exception>
    public static async Task<HybridClient> StartAsync(HybridClientOptions options, CancellationToken cancellationToken = default)
    {
        var client = Create(options);
        try
        {
            await client.LoadAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A client that holds its folder and has loaded nothing yet: its models are not ready.</summary>
    internal static HybridClient Create(HybridClientOptions options)
    {
        var errors = HybridClientOptionsRules.Check(options);
        if (errors.Count > 0) throw new ArgumentException(string.Join('\n', errors), nameof(options));
        return new HybridClient(options with { }, DeviceFolder.Take(options.Data));
    }

    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!options.IsQuiet) upstreams.Above?.Start();
        if (fleet is not null) following = policies.FollowAsync(fleet, closing.Token);
        var found = await repository.LoadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var broken in found.Broken) options.Note($"{broken.Model} is not whole: {broken.Reason}");
        await new VariantTiming(options, engine, repository, variants, Pool).ReplaceSlowAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A model by name, to be asked; whether it is there shows when it is.</summary>
    public HybridModel Model(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new HybridModel(this, name);
    }

    /// <summary>Asks the cell above for its policy now, instead of at the next interval.</summary>
    /// <returns>What holds afterwards; <see cref="HybridPolicyStatus.Problem"/> says why nothing better does.</returns>
    public async Task<HybridPolicyStatus> RefreshPolicyAsync(CancellationToken cancellationToken = default)
    {
        if (fleet is not null) await policies.AskAsync(fleet, cancellationToken).ConfigureAwait(false);
        return Policy;
    }

    /// <summary>Takes a policy that came on another way than the question for it: with documents whose signatures the caller verified.</summary>
    /// <returns>Null when it holds, now or already; else why not.</returns>
    internal Task<string?> OfferPolicyAsync(PolicyBody policy, CancellationToken cancellationToken) => policies.OfferAsync(policy, cancellationToken);

    public ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        runner.InferAsync(request, snapshots.Current, cancellationToken, newest);

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(runner.Explain(request, snapshots.Current));

    /// <summary>Takes nothing new, lets runs of the engine finish, and closes the link; calls that wait for the cell above fail over or fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        snapshots.Drain();
        await closing.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
        await engine.DisposeAsync().ConfigureAwait(false);
        await upstreams.DisposeAsync().ConfigureAwait(false);
        fleet?.Dispose();
        snapshots.Dispose();
        await Egress.DisposeAsync().ConfigureAwait(false);
        folder.Dispose();
    }

    private static RepositorySettings RepositoryOf(HybridClientOptions options, DeviceVariants variants)
    {
        var settings = new RepositorySettings(options.Models, Zone.Device, options.Data) { Notice = options.Note, Choose = variants.Choose, Probes = options.Probes };
        if (options.Managed is not { } managed) return settings;
        return settings with { Managed = managed.Repository, Trusted = managed.Trusted, Choose = (version, list) => managed.Has(version) ? variants.ChooseHeld(version, list, managed.Holds) : variants.Choose(version, list) };
    }

    /// <summary>A device alone gives an address that is never called.</summary>
    private static UpstreamOptions LinkOptions(HybridClientOptions options) => new(options.Upstream ?? "http://127.0.0.1:1", options.Node, Zone.Device)
    {
        Zone = options.UpstreamZone,
        Credential = options.Credential,
        InsecureLinks = options.InsecureLinks,
        Tls = options.UpstreamTls,
        Seed = options.SeedOrDefault,
    };
}
