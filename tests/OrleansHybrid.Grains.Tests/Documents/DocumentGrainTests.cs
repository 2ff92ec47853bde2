using System.Text.Json;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Documents;

public sealed class DocumentGrainTests
{
    private const string Farm = "farm-0123456789abcdef0123456789abcdef";
    private static readonly DocumentKey Place = DocumentKey.Catalogue("keyword");

    /// <summary>The grain reads which key an endorsement names; who signed it is for the silos to check.</summary>
    private static readonly (byte[] Endorsement, string KeyId) Endorsed = Endorse();

    [Fact]
    public async Task Document_published_on_one_silo_is_the_others_head_and_survives_the_activation()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference(), silos: 2);
        var (one, other) = (cell.Service<IGrainFactory>().GetDocuments(Sample.Cell), cell.Service<IGrainFactory>(1).GetDocuments(Sample.Cell));
        await one.OfferAsync(new DocumentSet(Farm, 0, [], [Endorsed.Endorsement]), default);

        var reservation = await one.ReserveAsync(Place, default);
        Assert.Equal(DocumentReceipt.Published, await one.PublishAsync(Signed(reservation.Revision), reservation, default));
        await cell.DeactivateAsync(one);

        var head = await other.HeadAsync(reservation.Revision - 1, default);
        Assert.Equal((Farm, reservation.Revision, Place), (head.Farm, head.Revision, Assert.Single(head.Documents).Header.Key));
        Assert.Empty((await other.HeadAsync(reservation.Revision, default)).Documents);
        Assert.True((await other.ReserveAsync(Place, default)).Revision > reservation.Revision);
    }

    [Fact]
    public async Task Change_of_a_model_is_pending_until_it_is_published()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var documents = cell.Client.GetDocuments(Sample.Cell);
        await documents.OfferAsync(new DocumentSet(Farm, 0, [], [Endorsed.Endorsement]), default);

        var change = await cell.Client.GetModel("keyword").AddVersionAsync(Version(1), default);

        // Whoever asked died here: any silo finds it.
        Assert.Equal(CatalogueVerdict.Changed, change.Verdict);
        Assert.Equal("keyword", Assert.Single(await documents.PendingAsync(default)).Model);
        var reservation = await documents.ReserveAsync(Place, default);
        Assert.Equal(DocumentReceipt.Published, await documents.PublishAsync(Signed(reservation.Revision), reservation, default));
        Assert.Empty(await documents.PendingAsync(default));
    }

    [Fact]
    public async Task Model_keeps_its_entry_and_refuses_another_content_for_a_number()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var model = cell.Client.GetModel("keyword");
        await model.AddVersionAsync(Version(1), default);
        await model.AddVersionAsync(Version(2), default);
        await model.BlockAsync(2, "It drifts.", default);
        await cell.DeactivateAsync(model);

        Assert.Equal("It drifts.", (await model.GetAsync(default))!.Find(2)!.Blocked);
        Assert.Equal(CatalogueVerdict.Conflict, (await model.AddVersionAsync(Version(1) with { Bundle = BundleDigests.Of("other"u8) }, default)).Verdict);
        Assert.Equal(CatalogueVerdict.Same, (await model.AddVersionAsync(Version(1), default)).Verdict);
        Assert.Equal(CatalogueVerdict.Changed, (await model.UnblockAsync(2, default)).Verdict);
        Assert.Equal(CatalogueVerdict.NotFound, (await cell.Client.GetModel("none").SetPolicyAsync(CataloguePolicy.Newest, default)).Verdict);
    }

    [Fact]
    public async Task Model_whose_store_forgot_goes_on_from_the_published_document()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var entry = new CatalogueEntry("keyword", CataloguePolicy.Newest, [Version(1)]);
        await cell.Client.GetDocuments(Sample.Cell).OfferAsync(new DocumentSet(Farm, 5, [Signed(5, entry)], []), default);

        var change = await cell.Client.GetModel("keyword").AddVersionAsync(Version(2), default);

        Assert.Equal([1, 2], change.Entry!.Versions.Select(v => v.Version));
    }

    [Fact]
    public async Task One_silo_fetches_until_it_gives_its_turn_back_or_is_silent_too_long()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var documents = cell.Client.GetDocuments(Sample.Cell);

        Assert.True(await documents.ClaimAsync("one", false, default));
        Assert.False(await documents.ClaimAsync("two", false, default));
        await documents.ClaimAsync("one", true, default);
        Assert.True(await documents.ClaimAsync("two", false, default));
        Assert.False(await documents.ClaimAsync("one", false, default));
        cell.Clock.Advance(Domain.Limits.DocumentFetchLease);
        Assert.True(await documents.ClaimAsync("one", false, default));
    }

    private static SignedDocument Signed(long revision, CatalogueEntry? entry = null)
    {
        var header = new DocumentHeader(Farm, Place, revision, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(30));
        var payload = DocumentWriter.Write(header, DocumentWriter.Body(entry ?? new CatalogueEntry("keyword", CataloguePolicy.Newest, [])));
        return new SignedDocument(header, Envelope(DocumentWriter.PayloadType, payload), Endorsed.KeyId);
    }

    private static (byte[] Endorsement, string KeyId) Endorse()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var half = PublisherKey.Read("test", key.ExportSubjectPublicKeyInfoPem(), out _)!;
        return (Envelope(EndorsementRules.PayloadType, EndorsementRules.Write(Farm, half.Pem, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(9))), half.KeyId);
    }

    private static byte[] Envelope(string type, byte[] payload) => JsonSerializer.SerializeToUtf8Bytes(new { payload, payloadType = type, signatures = new[] { new { sig = "AAAA" } } });

    private static CatalogueVersion Version(int version)
    {
        CatalogueFile[] files = [new("model.yaml", new BlobReference(BundleDigests.Of([(byte)version]), 1)), new("tiny.onnx", new BlobReference(BundleDigests.Of([(byte)version, 2]), 2))];
        CatalogueVariant[] variants = [new("tiny", [Domain.Zone.Edge], 8, 1, ["tiny.onnx"])];
        return new CatalogueVersion(version, BundleDigests.RootOf(files.Select(f => new BundleFile(f.Name, f.Blob.Digest))), new BlobReference(BundleDigests.Of("sig"u8), 9), files, variants, ["model.yaml"], "key", DateTimeOffset.UnixEpoch, null);
    }
}
