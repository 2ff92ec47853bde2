using System.Collections.Concurrent;
using System.Runtime.Versioning;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Protocol.Fleet;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>A device fetches its cell's policy, applies only what is good, and keeps it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PolicyTests : IDisposable
{
    private static readonly AudioClip Hard = Wav.FromFile(Clips.PathOf("hard.wav"));
    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> notices = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Policy_of_the_cell_holds_is_kept_and_outlives_the_cell()
    {
        string address;
        await using (var cell = await PolicyCell.StartAsync())
        {
            cell.Offer(7);
            address = cell.Address;
            await using var client = await StartAsync(address);
            await Wait.Until(() => client.Policy.Revision == 7, "the policy");
            using var answer = await client.Model(Clips.Model).InferAsync(Hard);

            Assert.Equal((Zone.Device, 7), (answer.Zone!.Value, answer.Provenance!.PolicyRevision));
            Assert.Contains("cloud=excluded:R01", answer.Reason, StringComparison.Ordinal);
            Assert.Equal((PolicySource.Cell, "farm-default", (string?)null), (client.Policy.Source, client.Policy.Name, client.Policy.Problem));
        }

        await using var offline = await StartAsync(address);
        await Wait.Until(() => offline.Policy.Problem is not null, "the question to fail");

        Assert.Equal((7, PolicySource.Kept), (offline.Policy.Revision, offline.Policy.Source));
        Assert.True(offline.Policy.Age >= TimeSpan.Zero);
        Assert.Contains(notices, n => n.Contains("holds as it was kept", StringComparison.Ordinal));
        using var still = await offline.Model(Clips.Model).InferAsync(Hard);
        Assert.Contains("cloud=excluded:R01", still.Reason, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Sub("state")));
    }

    [Fact]
    public async Task Only_a_good_and_later_policy_replaces_the_one_that_holds()
    {
        await using var cell = await PolicyCell.StartAsync();
        cell.Offer(7);
        await using var client = await StartAsync(cell.Address);
        await Wait.Until(() => client.Policy.Revision == 7, "the policy");

        await RefusedAsync(client, cell, 6, null, "lower than 7");
        await RefusedAsync(client, cell, 8, o => o.Digest = FleetClient.DigestOf("another"), "digest");
        await RefusedAsync(client, cell, 7, Other, "Another text came under revision 7");
        await RefusedAsync(client, cell, 9, o => Replace(o, PolicyCell.Text(10)), "offered as revision 9 and says 10");
        await RefusedAsync(client, cell, 9, o => Replace(o, PolicyCell.Text(9).Replace("privacy: device", "privacy: moon", StringComparison.Ordinal)), "has errors");
        cell.Answer = new GetPolicyResponse { NoPolicy = true };
        Assert.Contains("goes on holding", (await client.RefreshPolicyAsync()).Problem, StringComparison.Ordinal);
        cell.Offer(8);

        Assert.Equal((8, (string?)null), ((await client.RefreshPolicyAsync()).Revision, client.Policy.Problem));
        cell.Answer = new GetPolicyResponse { NotModified = true };
        await client.RefreshPolicyAsync();
        Assert.Equal((8, FleetClient.DigestOf(PolicyCell.Text(8))), (cell.Asked.Last().HaveRevision, cell.Asked.Last().HaveDigest));
    }

    [Fact]
    public async Task Kept_policy_that_is_not_whole_is_not_applied()
    {
        await using var cell = await PolicyCell.StartAsync();
        cell.Offer(7);
        await using (var client = await StartAsync(cell.Address)) await Wait.Until(() => client.Policy.Revision == 7, "the policy");
        File.WriteAllText(Kept, File.ReadAllText(Kept).Replace("device", "any", StringComparison.Ordinal));
        cell.Answer = new GetPolicyResponse { NoPolicy = true };

        await using var again = await StartAsync(cell.Address);

        Assert.Equal((0, PolicySource.Options), (again.Policy.Revision, again.Policy.Source));
        Assert.Contains(notices, n => n.Contains("not whole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_without_the_fleet_protocol_is_asked_once()
    {
        await using var foreign = await CellAbove.StartAsync();
        await using var client = await StartAsync(foreign.Address);

        await Wait.Until(() => client.Policy.Problem is not null, "the question to be answered");

        Assert.Contains("does not hand out policies", client.Policy.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cell_of_a_farm_hands_out_the_policy_it_was_started_with()
    {
        var policy = folder.Sub("policy.yaml");
        File.WriteAllText(policy, PolicyCell.Text(3));
        await using var farm = await TestFarm.StartAsync(FarmShape.OneProcess, ["--policy", policy]);

        await using var client = await StartAsync(farm.EuWest.GrpcUrl);
        await Wait.Until(() => client.Policy.Revision == 3, "the cell's policy");
        await using var stranger = await StartAsync(farm.EuWest.GrpcUrl, "other", "no-key-of-this-cell");
        await Wait.Until(() => stranger.Policy.Problem is not null, "the refusal");

        Assert.Equal(PolicySource.Cell, client.Policy.Source);
        Assert.Null((await client.RefreshPolicyAsync()).Problem);
        Assert.Equal(0, stranger.Policy.Revision);
    }

    private string Kept => Path.Combine(folder.Sub("state"), "policy.json");

    private async Task RefusedAsync(HybridClient client, PolicyCell cell, long revision, Action<PolicyText>? change, string why)
    {
        cell.Offer(revision, change);
        var status = await client.RefreshPolicyAsync();
        Assert.Contains(why, status.Problem, StringComparison.Ordinal);
        Assert.Equal(7, status.Revision);
        Assert.Contains("\"Revision\":7", File.ReadAllText(Kept), StringComparison.Ordinal);
    }

    private static void Other(PolicyText offer) => Replace(offer, offer.Text + "\n# another\n");

    private static void Replace(PolicyText offer, string text) => (offer.Text, offer.Digest) = (text, FleetClient.DigestOf(text));

    private Task<HybridClient> StartAsync(string address, string state = "state", string? credential = null) => HybridClient.StartAsync(
        new HybridClientOptions([RepositoryRoot.SampleModels], folder.Sub(state)) { Upstream = address, Node = "phone-7", Credential = credential, Notice = notices.Enqueue });
}
