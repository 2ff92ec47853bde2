using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Cells;
using OrleansHybrid.EndToEnd.Tests.Client.Cluster;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>Silos of one cell over TLS: those of the authority are a cluster, another does not get in, and peers answer for each other over https.</summary>
public sealed class SiloTlsTests
{
    [SkippableFact]
    public async Task Two_silos_join_and_answer_for_each_other_and_a_third_of_another_authority_stays_out()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        using var silos = new TestAuthority(folder, "silos");
        using var other = new TestAuthority(folder, "other");
        var shown = silos.Make("eu-west");
        string[] tls = ["--tls-certificate", shown.Certificate, "--tls-key", shown.Key, "--silo-tls-ca", silos.File];
        await using var one = await RunningCell.StartAsync(Silo("first"), folder, [.. tls, "--models", SharedClusterTests.WithoutCloudVariant(folder)]);
        await using var two = await RunningCell.StartAsync(Silo("second"), folder, [.. tls, "--models", RepositoryRoot.SampleModels]);
        using var http = silos.Client();

        await BothAsync(http, one, two);
        Answer? answer = null;
        await Wait.Until(async () => (answer = await http.InferJsonAsync(one.Cell, Clips.EasyJson)).Ok, "the other silo to answer");
        Assert.Equal(two.Cell.Node(), answer!.Node);

        var wrong = other.Make("eu-west");
        var intruder = Silo("third");
        await using var third = SiloProcess.Start([.. intruder.Arguments(folder.Path), "--tls-certificate", wrong.Certificate, "--tls-key", wrong.Key, "--silo-tls-ca", other.File], folder.Path);
        await Wait.Until(() => third.HasExited || TlsNotice.Of(one).Concat(TlsNotice.Of(two)).Any(n => n.Contains("was refused", StringComparison.Ordinal) && n.Contains("does not lead to", StringComparison.Ordinal)), "a silo to refuse the third");
        Assert.DoesNotContain("ready in", third.Output, StringComparison.Ordinal);
        await third.KillAsync();

        await BothAsync(http, one, two);
        Assert.True((await http.InferJsonAsync(one.Cell, Clips.EasyJson)).Ok);
        await ServicesAsync(one, silos, other);

        TestCell Silo(string name) => TestCell.Create("eu-west") with { Store = redis.Address, Data = folder.Sub(name), Scheme = "https" };
    }

    /// <summary>A service beside the cell needs a certificate of the silos' authority.</summary>
    private static async Task ServicesAsync(RunningCell cell, TestAuthority silos, TestAuthority other)
    {
        await using var service = await StartAsync(silos.Make("service"), silos, Wait.Long);
        Assert.NotEmpty((await service.Cluster.Nodes.ListAsync(new FleetQuery())).Nodes);
        await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(other.Make("service"), silos, TimeSpan.FromSeconds(2)));

        Task<ClusterService> StartAsync(TestCertificate own, TestAuthority believed, TimeSpan patience) => ClusterService.StartAsync(o =>
        {
            o.Cell = cell.Cell.Name;
            o.Gateways = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{cell.Cell.Gateway}")];
            o.ConnectTimeout = patience;
            o.Tls = new GatewayTls(() => X509Certificate2.CreateFromPemFile(own.Certificate, own.Key), believed.Trusted);
        });
    }

    private static Task BothAsync(HttpClient http, RunningCell one, RunningCell two) =>
        Wait.Until(async () => await HealthyAsync(http, one.Cell) == 2 && await HealthyAsync(http, two.Cell) == 2, "each silo to list both");

    private static async Task<int> HealthyAsync(HttpClient http, TestCell cell)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/nodes"));
        return page.RootElement.GetProperty("nodes").EnumerateArray().Count(n => n.GetProperty("health").GetString() == "healthy");
    }
}
