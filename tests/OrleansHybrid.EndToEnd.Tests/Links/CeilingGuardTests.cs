using CsCheck;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Protocol;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class CeilingGuardTests
{
    private static readonly Gen<Situation> Situations =
        from ceiling in Gen.Int[0, 4]
        from configured in Gen.Int[0, 3]
        from stated in Gens.OneOf("", "device", "edge", "cloud", "moon")
        from peer in Gen.Bool
        from sameZone in Gen.Bool
        from seed in Gen.Int[1, int.MaxValue]
        select new Situation((PrivacyCeiling)ceiling, (Zone)configured, stated, peer, sameZone, seed);

    [Fact]
    public async Task Raw_bytes_reach_the_socket_only_where_the_ceiling_permits_and_leave_one_record()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var proxy = new RecordingProxy(server.Port);
        await Situations.SampleAsync(situation => HoldsAsync(server, proxy, situation), iter: 300, threads: 1);
    }

    [Fact]
    public async Task Server_that_answers_from_a_forbidden_zone_is_refused_and_counts_as_cloud()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (request, _) => Task.FromResult(From("cloud", request));
        await using var client = Calls.Client(server.Address, change: o => o with { Zone = Zone.Edge });
        var pool = new TensorPool();

        var first = await Calls.SendAsync(client, pool, [1], PrivacyCeiling.Edge);
        var second = await Calls.SendAsync(client, pool, [1], PrivacyCeiling.Edge);

        Assert.Equal(FailureCode.UpstreamRejected, first.Failure?.Code);
        Assert.Equal(FailureCode.PrivacyRefused, second.Failure?.Code);
        Assert.Equal(Zone.Cloud, client.State.Zone);
        Assert.Single(server.Requests);
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public async Task Edge_server_that_escalates_what_may_go_anywhere_is_believed()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (request, _) => Task.FromResult(From("cloud", request));
        await using var client = Calls.Client(server.Address, change: o => o with { Zone = Zone.Edge });

        var outcome = await Calls.SendAsync(client, new TensorPool(), [1]);

        Assert.Null(outcome.Failure);
        Assert.Equal(Zone.Cloud, outcome.Provenance?.Zone);
        Assert.Equal(Zone.Edge, client.State.Zone);
    }

    [Fact]
    public async Task Another_server_on_the_same_port_is_heard_before_it_gets_anything()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Extensions = [.. ServerStatement.Extensions("eu-west", Zone.Edge, "silo-2")];
        await using var client = Calls.Client(server.Address, change: o => o with { Zone = Zone.Edge });
        var pool = new TensorPool();
        Assert.Null((await Calls.SendAsync(client, pool, [1], PrivacyCeiling.Edge)).Failure);

        var port = server.Port;
        await server.KillAsync();
        await using var other = await RecordingServer.StartAsync(port);
        other.Extensions = [.. ServerStatement.Extensions("central", Zone.Cloud, "silo-9")];
        FailureCode? code = null;
        for (var i = 0; code != FailureCode.PrivacyRefused && i < 400; i++)
        {
            code = (await Calls.SendAsync(client, pool, [1], PrivacyCeiling.Edge)).Failure?.Code;
            await Task.Delay(5);
        }

        Assert.Equal(FailureCode.PrivacyRefused, code);
        Assert.Empty(other.Requests);
    }

    private static ModelInferResponse From(string zone, ModelInferRequest request)
    {
        var answer = RecordingServer.Echo(request);
        answer.Parameters["zone"] = new InferParameter { StringParam = zone };
        answer.Parameters["cell"] = new InferParameter { StringParam = "central" };
        return answer;
    }

    private static async Task HoldsAsync(RecordingServer server, RecordingProxy proxy, Situation situation)
    {
        server.Extensions = situation.Stated.Length == 0 ? [] : ["hybrid.zone=" + situation.Stated];
        var canary = new byte[48];
        new Random(situation.Seed).NextBytes(canary);
        var egress = new EgressLog();
        var pool = new TensorPool(poison: true);
        await using var client = Calls.Client(proxy.Address, pool, egress, change: o => o with { Zone = situation.Configured, Peer = situation.Peer });

        var outcome = await Calls.SendAsync(client, pool, canary, situation.Ceiling, sameZone: situation.SameZone);

        var reached = proxy.Sent.AsSpan().IndexOf(canary) >= 0;
        Assert.True(outcome.Failure is null or { Code: FailureCode.PrivacyRefused }, outcome.Failure?.Message);
        Assert.Equal(situation.Permitted, reached);
        Assert.Equal(situation.Permitted ? null : FailureCode.PrivacyRefused, outcome.Failure?.Code);
        var records = egress.Read();
        Assert.Equal(situation.Permitted && !(situation.Peer && situation.SameZone) ? 1 : 0, records.Count);
        Assert.All(records, record => Assert.Equal((48, "R01", "eu-west"), (record.Bytes, record.Rule, record.FromCell)));
        Assert.Equal(0, pool.Leased);
    }

    /// <summary>Written out apart from the code under test: what must be true of one request to one server.</summary>
    private sealed record Situation(PrivacyCeiling Ceiling, Zone Configured, string Stated, bool Peer, bool SameZone, int Seed)
    {
        public bool Permitted
        {
            get
            {
                var configured = Configured is Zone.Device or Zone.Edge ? (int)Configured : 2;
                var stated = Stated switch { "" or "device" => 0, "edge" => 1, _ => 2 };
                var most = Ceiling switch { PrivacyCeiling.Any => 2, PrivacyCeiling.Edge => 1, _ => 0 };
                return Math.Max(configured, most == 2 ? configured : stated) <= most;
            }
        }
    }
}
