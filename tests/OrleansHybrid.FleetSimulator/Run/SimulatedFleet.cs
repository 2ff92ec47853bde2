using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>A cell that nodes join.</summary>
/// <param name="Address">Of its gRPC port; plain text, so on loopback.</param>
/// <param name="Tokens">Join tokens, each used up to <see cref="Limits.JoinTokenUsesMax"/> times, in this order.</param>
public sealed record FleetCell(string Address, IReadOnlyList<string> Tokens);

/// <summary>The nodes of a plan in this process, over a few HTTP/2 connections to each cell.</summary>
/// <example><code>
/// var plan = FleetPlanner.Of(new FleetScenario { Seed = 7, Nodes = 200, Regions = ["eu-west", "us-east"] });
/// await using var fleet = await SimulatedFleet.EnrolAsync(plan, new Dictionary&lt;string, FleetCell&gt; { ["eu-west"] = eu, ["us-east"] = us }, recording, TimeProvider.System, stop);
/// fleet.Start();
/// </code></example>
public sealed class SimulatedFleet : IAsyncDisposable
{
    /// <summary>Connections to one cell; each carries a hundred calls at once.</summary>
    public const int ChannelsDefault = 4;

    private const int EnrolAtOnce = 32;
    private readonly List<GrpcChannel> channels = [];
    private readonly CancellationTokenSource stop = new();
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-fleet-").FullName;
    private Task running = Task.CompletedTask;

    private SimulatedFleet(FleetPlan plan, FleetTime time) => (Plan, Time) = (plan, time);

    public FleetPlan Plan { get; }

    /// <summary>In the plan's order.</summary>
    public IReadOnlyList<SimulatedNode> Nodes { get; private set; } = [];

    public TransferGate Transfers { get; } = new();

    /// <summary>Begins with <see cref="Start"/>.</summary>
    public FleetTime Time { get; }

    /// <summary>Enrols every node, some at once. Nothing calls after that until <see cref="Start"/>.</summary>
    /// <exception cref="InvalidOperationException">A cell took a node in no case; the message says why.</exception>
    public static async Task<SimulatedFleet> EnrolAsync(FleetPlan plan, IReadOnlyDictionary<string, FleetCell> cells, AnswerRecording recording, TimeProvider clock, CancellationToken cancellationToken, int channels = ChannelsDefault)
    {
        var time = new FleetTime(clock);
        var fleet = new SimulatedFleet(plan, time);
        try
        {
            var nodes = new SimulatedNode[plan.Nodes.Count];
            var homes = cells.ToDictionary(c => c.Key, c => fleet.Open(c.Value, channels));
            var order = plan.Nodes.Select((node, i) => (Node: node, Index: i)).GroupBy(n => n.Node.Region).SelectMany(g => g.Select((n, place) => (n.Node, n.Index, Place: place))).ToArray();
            await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = EnrolAtOnce, CancellationToken = cancellationToken }, async (n, stopping) =>
            {
                var cell = cells[n.Node.Region];
                var parts = new NodeParts(plan.Scenario, time, fleet.Transfers, recording, cell.Address, fleet.folder);
                var token = cell.Tokens[n.Place / Limits.JoinTokenUsesMax];
                nodes[n.Index] = await EnrolAsync(n.Node, parts, homes[n.Node.Region][n.Place % channels], token, stopping);
            });
            fleet.Nodes = nodes;
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every node begins its life.</summary>
    public void Start()
    {
        Time.Begin();
        running = Task.WhenAll(Nodes.Select(n => Task.Run(() => n.RunAsync(stop.Token))));
    }

    /// <summary>Every process ends; identities and disks stay.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var channel in channels) channel.Dispose();
        stop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private CallInvoker[] Open(FleetCell cell, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var channel = GrpcChannel.ForAddress(cell.Address, new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { UseProxy = false }, DisposeHttpClient = true, MaxReceiveMessageSize = Limits.FleetAnswerBytesMax, ThrowOperationCanceledOnCancellation = false,
            });
            channels.Add(channel);
            return channel.CreateCallInvoker();
        }),
    ];

    /// <summary>As <c>hybrid node join</c> does: the publishers' keys count only when they are those that the token stands for.</summary>
    private static async Task<SimulatedNode> EnrolAsync(NodePlan plan, NodeParts parts, CallInvoker calls, string token, CancellationToken cancellationToken)
    {
        var boot = NodeIdentityFile.NewBoot();
        using var client = new FleetClient(calls, parts.Target, null, parts.Time.Clock);
        var attributes = new NodeDescription(plan, parts.Scenario, parts.Time).Attributes;
        var answer = await client.EnrolAsync(new Enrolment(token, plan.Name, boot, attributes, plan.Kind.MemoryBytes, plan.Kind.Cores), cancellationToken);
        for (var again = 0; answer.Failure?.RetryAfter is { } wait && again < 10; again++)
        {
            await Task.Delay(wait, parts.Time.Clock, cancellationToken);
            answer = await client.EnrolAsync(new Enrolment(token, plan.Name, boot, attributes, plan.Kind.MemoryBytes, plan.Kind.Cores), cancellationToken);
        }

        if (answer.Failure is { } failure) throw new InvalidOperationException($"{plan.Name} was not enrolled at {parts.Target}: {failure.Message}");
        PublisherKey[] keys = [.. answer.Publishers.Select(p => PublisherKey.Read(p.Key, p.Value, out _)).OfType<PublisherKey>()];
        if (!JoinTokenText.TryRead(token, out _, out var vouched) || JoinTokenText.DigestOf(keys.Select(k => k.KeyId)) != vouched) throw new InvalidOperationException($"{parts.Target} named other publishers than the token stands for.");
        var tally = new NodeTally();
        var link = plan.Link.IsPerfect && !plan.Faults.RepeatsCheckIns ? calls : calls.Intercept(new SimulatedLink(plan, parts.Time, tally, new Random(plan.Seed)));
        var identity = new StoredNode(answer.Credential, answer.Name, answer.Cell, answer.Zone, answer.Farm, boot, [], 0, false);
        return new SimulatedNode(plan, parts, link, identity, new DocumentTrust(keys, answer.Farm), tally);
    }
}
