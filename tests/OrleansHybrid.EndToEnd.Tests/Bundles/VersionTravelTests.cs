using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A signed version goes from central to a region and stays there with central gone.</summary>
public sealed class VersionTravelTests
{
    private const int Published = 7;
    private const string LinkKey = "a-link-key-of-this-test-0123456789";
    private readonly DocumentSigner signer = new();

    [Fact]
    public async Task Published_version_is_served_by_the_region_with_its_own_variant_and_outlives_central()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        using var publisher = new SignedKeyword(folder.Sub("desk"));
        var central = TestCell.Create("central");
        var region = TestCell.Create("eu-west", central) with { LinkKey = LinkKey };
        var version = await PrepareAsync(publisher, central, folder);
        await using var above = SiloProcess.Start(central.Arguments(folder.Path), folder.Path);
        await above.WaitUntilReadyAsync();
        await using (var below = SiloProcess.Start(region.Arguments(folder.Path), folder.Path))
        {
            await below.WaitUntilReadyAsync();
            await EndorseAsync(http, central, folder);
            await PublishAsync(central, version);
            await Wait.Until(async () => await ServesAsync(http, central), "central to serve the version");
            await Wait.Until(async () => await ServesAsync(http, region), "the region to serve the version");
            await Wait.Until(() => Holds(region, folder, version, "tiny-fp32.onnx"), "what devices may ask for");
            Assert.False(Holds(region, folder, version, SignedKeyword.Cloud));
            await Wait.Until(async () => (await http.GetStringAsync($"{region.HttpUrl}/v1/nodes")).Contains(version.Bundle, StringComparison.Ordinal), "the bundle in the node's report");
        }

        await above.KillAsync();
        await using var later = SiloProcess.Start(region.Arguments(folder.Path), folder.Path);
        await later.WaitUntilReadyAsync();
        Assert.True(await ServesAsync(http, region));
        Assert.True((await http.InferJsonAsync(region, Clips.EasyJson)).Ok);
    }

    [Fact]
    public async Task Files_of_published_versions_alone_are_handed_out_and_only_to_links_and_nodes()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        using var publisher = new SignedKeyword(folder.Sub("desk"));
        var central = TestCell.Create("central");
        var version = await PrepareAsync(publisher, central, folder);
        await using var cell = SiloProcess.Start(central.Arguments(folder.Path), folder.Path);
        await cell.WaitUntilReadyAsync();
        var large = version.Files.Single(f => f.Name == SignedKeyword.Cloud).Blob;
        Assert.Contains("NotFound", (await ReadAsync(central, large, LinkKey)).Failure?.Message); // It lies there, and nothing published names it.

        await EndorseAsync(http, central, folder);
        await PublishAsync(central, version);
        await Wait.Until(async () => await ServesAsync(http, central), "central to serve the version");

        Assert.Equal((large.Bytes, null), await ReadAsync(central, large, LinkKey));
        Assert.Equal((large.Bytes - 1000, null), await ReadAsync(central, large, LinkKey, offset: 1000));
        Assert.Equal(FailureCode.BadInput, (await ReadAsync(central, large, LinkKey, offset: large.Bytes + 1)).Failure?.Code);
        Assert.Equal(FailureCode.Forbidden, (await ReadAsync(central, large, null)).Failure?.Code);
        Assert.Equal(FailureCode.Unauthenticated, (await ReadAsync(central, large, "no-key-of-this-cell")).Failure?.Code);
    }

    private static async Task<(long Bytes, InferenceFailure? Failure)> ReadAsync(TestCell cell, BlobReference blob, string? credential, long offset = 0)
    {
        using var client = new FleetClient(new UpstreamOptions(cell.GrpcUrl, "test", Zone.Edge) { Credential = credential }, TimeProvider.System);
        var bytes = 0L;
        await foreach (var chunk in client.GetBlobAsync(blob.Digest, offset, localOnly: false, default))
        {
            if (chunk.Failure is { } failure) return (bytes, failure);
            bytes += chunk.Bytes.Length;
        }

        return (bytes, null);
    }

    private async Task<CatalogueVersion> PrepareAsync(SignedKeyword publisher, TestCell central, TempFolder folder)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var data = central.DataFolder(folder.Path);
        Directory.CreateDirectory(data, owner | UnixFileMode.UserExecute);
        var file = Path.Combine(data, "link.key");
        await File.WriteAllTextAsync(file, LinkKey);
        File.SetUnixFileMode(file, owner);

        var trusted = Path.Combine(folder.Path, "state", "publishers");
        signer.WritePublisher(trusted);
        await File.WriteAllTextAsync(Path.Combine(trusted, "bundles.pem"), publisher.Publisher.Pem);
        var version = await publisher.SignAsync(Published);
        await publisher.StoreAsync(version, data);
        return version;
    }

    private async Task EndorseAsync(HttpClient http, TestCell central, TempFolder folder)
    {
        var key = JsonNode.Parse(await http.GetStringAsync($"{central.HttpUrl}/v1/documents/key"))!;
        var endorsement = Encoding.UTF8.GetString(signer.Endorse((string)key["public_key"]!, (string)key["farm"]!));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{central.HttpUrl}/v1/documents/endorsement") { Content = new StringContent(endorsement, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(central.DataFolder(folder.Path), "operator.key"))).Trim());
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>By the grain, as a push does; the authority's duty publishes it.</summary>
    private static async Task PublishAsync(TestCell central, CatalogueVersion version)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOrleansHybridClient(o => (o.Cell, o.Gateways) = (central.Name, [FormattableString.Invariant($"127.0.0.1:{central.Gateway}")]));
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal(CatalogueVerdict.Changed, (await host.Services.GetRequiredService<IClusterClient>().GetModel("keyword").AddVersionAsync(version, default)).Verdict);
        await host.StopAsync();
    }

    private static async Task<bool> ServesAsync(HttpClient http, TestCell cell)
    {
        using var answer = await http.GetAsync(FormattableString.Invariant($"{cell.HttpUrl}/v2/models/keyword/versions/{Published}/ready"));
        return answer.IsSuccessStatusCode;
    }

    private static bool Holds(TestCell cell, TempFolder folder, CatalogueVersion version, string file)
    {
        var hex = version.Files.Single(f => f.Name == file).Blob.Digest["sha256:".Length..];
        return File.Exists(Path.Combine(cell.DataFolder(folder.Path), "bundles", "blobs", hex[..2], hex));
    }
}
