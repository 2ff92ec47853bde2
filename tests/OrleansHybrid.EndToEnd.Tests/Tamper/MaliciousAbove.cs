using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>A real region below a cell that hands out what it should not: documents and files.</summary>
public sealed class MaliciousAbove : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private FleetAbove? above;
    private RunningCell? region;
    private long revision = 100;

    internal DocumentSigner Signer { get; } = new();

    internal DocumentSigner Forger { get; } = new();

    internal DocumentTricks Tricks => new(DocumentSigner.Farm, Signer, Forger, Next);

    internal BlobTricks Blobs { get; } = new();

    /// <summary>Signs what the region trusts.</summary>
    internal PushedVersion Publisher { get; } = new("publisher");

    public async Task InitializeAsync()
    {
        above = await FleetAbove.StartAsync(Signer.Endorsement(), Forger.Endorsement());
        above.Send = Blobs.SendAsync;
        var publishers = Path.Combine(folder.Path, "state", "publishers");
        Signer.WritePublisher(publishers);
        Publisher.TrustIn(publishers);
        var cell = TestCell.Create("eu-west", TestCell.Create("central")) with { UpstreamPort = above.Port };
        region = await RunningCell.StartAsync(cell, folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);
    }

    public async Task DisposeAsync()
    {
        if (region is not null) await region.DisposeAsync();
        if (above is not null) await above.DisposeAsync();
        http.Dispose();
        Publisher.Dispose();
        folder.Dispose();
    }

    internal long Next() => ++revision;

    internal void Give(byte[] document) => above!.Give(document);

    /// <summary>A good version with a graph of its own, which adds a number; its files can be had.</summary>
    internal async Task<PushedVersion> MakeAsync(string model, int version, float adds, PushedVersion? publisher = null)
    {
        var made = new PushedVersion(model, version, publisher: publisher ?? Publisher);
        made.Write("tiny.onnx", PushedVersion.Graph(adds));
        made.Write("notes.txt", [.. System.Text.Encoding.ASCII.GetBytes($"{model} {version}"), .. new byte[5000]]);
        await made.SignAsync();
        Blobs.Add(made);
        return made;
    }

    internal static CatalogueVersion Entry(PushedVersion version, byte[]? signature = null)
    {
        signature ??= version.Signature;
        CatalogueFile[] files = [.. version.Files.Select(f => new CatalogueFile(f, new BlobReference(BundleDigests.Of(version.Read(f)), version.Read(f).Length)))];
        CatalogueVariant[] variants = [new("tiny", [Zone.Device, Zone.Edge], 1, 1, ["tiny.onnx"]), new("large", [Zone.Cloud], 2, 2, ["large.onnx"])];
        return new CatalogueVersion(version.Version, BundleDigests.RootOf(files.Select(f => new BundleFile(f.Name, f.Blob.Digest))), new BlobReference(BundleDigests.Of(signature), signature.Length), files, variants, ["model.yaml", "notes.txt"], "publisher", DateTimeOffset.UnixEpoch, null);
    }

    internal void Publish(string model, params CatalogueVersion[] versions) => Give(Signer.Sign(Tricks.Payload(model, versions)));

    internal async Task<bool> ServesAsync(string model, float adds) => await Served.AnswerAsync(http, region!.Cell, model, 1) == adds;

    internal Task ServingAsync(string model, float adds) => Wait.Until(() => ServesAsync(model, adds), $"{model}@1 to serve", TimeSpan.FromSeconds(40));

    /// <summary>Until an entry tells of the kind.</summary>
    internal async Task ToldAsync(TamperKind kind, string query)
    {
        var last = "";
        try
        {
            await Wait.Until(
                async () =>
                {
                    var entries = (await new PushCalls(http, region!.Cell, region.OperatorKey).SendAsync(HttpMethod.Get, $"audit?{query}&rows=20", null)).Body!["entries"]!.AsArray();
                    last = string.Join('\n', entries.Select(e => (string)e!["why"]!));
                    return entries.Any(e => kind.Tells((string)e!["why"]!));
                },
                kind.Name,
                TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{kind.Name}: {kind.Refusal}, '{kind.Says}' expected; came:\n{last}");
        }
    }
}
