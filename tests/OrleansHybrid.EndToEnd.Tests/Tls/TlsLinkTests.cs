using System.Net;
using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.Grains.Tests.Routing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>Two cells over https: right certificates carry everything, wrong ones nothing, and both sides say why.</summary>
public sealed class TlsLinkTests
{
    [Fact]
    public async Task Right_certificates_carry_escalations_documents_and_reports()
    {
        await using var cells = await TlsCells.StartAsync(RepositoryRoot.SampleModels);
        await using var below = await cells.StartBelowAsync(cells.Servers, cells.Clients.Make("eu-west"), RepositoryRoot.SampleModels);
        await below.LinkAsync();
        using var http = new HttpClient { Timeout = Wait.Long };

        var answer = await http.InferJsonAsync(below.Cell, Clips.HardJson);
        var metrics = await MetricsAsync(cells);

        Assert.True(("cloud", "central") == (answer.Zone, answer.Cell), answer.Text);
        await PublishAsync(cells);
        await Wait.Until(async () => (await http.GetStringAsync(below.Cell.HttpUrl + "/v1/policies")).Contains("\"by\":\"central\"", StringComparison.Ordinal), "central's policy in the region");
        await Wait.Until(async () => (await cells.AskAsync(HttpMethod.Get, "regions")).Body["regions"]!.AsArray().Any(r => (string?)r!["region"] == "eu-west" && (string?)r["health"] == "healthy"), "the region's report by its certificate");
        Assert.Contains("hybrid_tls_certificate_expiry_seconds{cell=\"central\",use=\"listener\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("use=\"client_ca\"", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other authority", "does not lead to")]
    [InlineData("other name", "not to '127.0.0.1'")]
    public async Task Lower_cell_refuses_an_upper_one_that_it_cannot_believe(string what, string why)
    {
        await using var cells = await TlsCells.StartAsync();
        if (what == "other name") await ReplaceAsync(cells, () => cells.Servers.Write(cells.Shown, "central", host: "central.example"));
        await using var below = await cells.StartBelowAsync(what == "other name" ? cells.Servers : cells.Other, cells.Clients.Make("eu-west"));

        var link = await DownAsync(below);

        Assert.Contains(why, (string)link["problem"]!, StringComparison.Ordinal);
        Assert.Equal("down", (string)link["health"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upper_cell_refuses_a_client_certificate_of_another_authority_or_one_that_expires(bool ofOther)
    {
        await using var cells = await TlsCells.StartAsync();
        if (ofOther)
        {
            await using var below = await cells.StartBelowAsync(cells.Servers, cells.Other.Make("eu-west"));
            Assert.NotEqual("", (string)(await DownAsync(below))["problem"]!);
        }
        else
        {
            // The side that shows it would refuse to start with it, so a plain client has to.
            using var client = cells.Servers.Client(cells.Clients.Make("eu-west", from: -1.9, to: -1));
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(cells.Central.Cell.HttpUrl + "/health/live"));
        }

        Assert.Empty((await cells.AskAsync(HttpMethod.Get, "regions")).Body["regions"]!.AsArray());
    }

    [Fact]
    public async Task Plain_http_gets_nothing_from_a_port_that_speaks_tls()
    {
        await using var cells = await TlsCells.StartAsync();
        using var plain = new HttpClient { Timeout = Wait.Long };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(cells.Central.Cell.HttpUrl.Replace("https", "http", StringComparison.Ordinal) + "/health/live"));
        await Assert.ThrowsAnyAsync<Exception>(() => OipCalls.InferGrpcAsync(cells.Central.Cell with { Scheme = "http" }, Clips.EasyAudio));
        using var old = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true, EnabledSslProtocols = OldTls } });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => old.GetAsync(cells.Central.Cell.HttpUrl + "/health/live"));
        Assert.Equal(HttpStatusCode.OK, (await cells.Http.GetAsync(cells.Central.Cell.HttpUrl + "/health/live")).StatusCode);
    }

#pragma warning disable SYSLIB0039, CA5397 // What is shown here is that it is refused.
    private const System.Security.Authentication.SslProtocols OldTls = System.Security.Authentication.SslProtocols.Tls11;
#pragma warning restore SYSLIB0039, CA5397

    [Fact]
    public async Task Renewed_certificate_is_shown_without_a_restart_and_a_broken_one_leaves_the_old()
    {
        await using var cells = await TlsCells.StartAsync();
        var before = await ShownAsync(cells);
        cells.Servers.Write(cells.Shown, "central-renewed");
        await Wait.Until(async () => await ShownAsync(cells) != before, "the renewed certificate");

        await File.WriteAllTextAsync(cells.Shown.Certificate, "nothing of the kind");
        var renewed = await ShownAsync(cells);
        await Wait.Until(() => TlsNotice.Of(cells.Central).Any(n => n.Contains("is not usable", StringComparison.Ordinal)), "the warning");

        Assert.Equal(("CN=central", "CN=central-renewed"), (before, renewed));
        Assert.Equal(renewed, await ShownAsync(cells));
    }

    /// <summary>A policy that central's document key signs.</summary>
    private static async Task PublishAsync(TlsCells cells)
    {
        var signer = new DocumentSigner();
        signer.WritePublisher(cells.Folder.Sub(Path.Combine("state", "publishers")));
        var key = (await cells.AskAsync(HttpMethod.Get, "documents/key")).Body;
        var endorsement = JsonNode.Parse(signer.Endorse((string)key["public_key"]!, (string)key["farm"]!))!;
        Assert.Equal(200, (await cells.AskAsync(HttpMethod.Put, "documents/endorsement", endorsement)).Status);
        Assert.Equal(200, (await cells.AskAsync(HttpMethod.Post, "policies", PolicySample.Good)).Status);
    }

    private static async Task<string> MetricsAsync(TlsCells cells)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, cells.Central.Cell.HttpUrl + "/metrics");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", cells.Central.OperatorKey);
        using var answer = await cells.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Subject of what the port shows now, on a connection of its own.</summary>
    private static async Task<string> ShownAsync(TlsCells cells)
    {
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, cells.Central.Cell.Http);
        await using var tls = new System.Net.Security.SslStream(tcp.GetStream(), false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        return tls.RemoteCertificate!.Subject;
    }

    private static async Task ReplaceAsync(TlsCells cells, Action write)
    {
        write();
        await Wait.Until(() => TlsNotice.Of(cells.Central).Any(n => n.Contains("was renewed", StringComparison.Ordinal)), "the other certificate in use");
    }

    private static async Task<JsonNode> DownAsync(RunningCell below)
    {
        using var http = new HttpClient { Timeout = Wait.Long };
        await below.TryLinkAsync();
        JsonNode? link = null;
        await Wait.Until(async () => (string?)(link = JsonNode.Parse(await http.GetStringAsync(below.Cell.HttpUrl + "/v1/links"))![0])!["health"] == "down" && link["problem"] is not null, "the link to say why it is down");
        return link!;
    }
}
