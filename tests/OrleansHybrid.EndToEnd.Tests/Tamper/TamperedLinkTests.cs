using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>What a cell above hands out tampered with is refused for its own reason and written down, and what served before answers.</summary>
public sealed class TamperedLinkTests(MaliciousAbove fixture) : IClassFixture<MaliciousAbove>
{
    private const float Old = 3;
    private const float New = 4;

    public static TheoryData<string> Documents => new(TamperTable.Of(TamperPlace.Document).Select(k => k.Name));

    public static TheoryData<string> Transfers => new(TamperTable.Of(TamperPlace.Transfer).Select(k => k.Name));

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Tampered_document_is_refused_for_its_reason_and_written_down_and_the_old_version_serves(string name)
    {
        using var one = await fixture.MakeAsync(name, 1, Old);
        var held = fixture.Next();
        var entry = MaliciousAbove.Entry(one);
        fixture.Give(fixture.Signer.Sign(fixture.Tricks.Payload(name, [entry], held)));
        await fixture.ServingAsync(name, Old);

        fixture.Give(fixture.Tricks.Make(name, name, entry, held));

        await fixture.ToldAsync(TamperTable.Find(name), "what=document.refused");
        Assert.True(await fixture.ServesAsync(name, Old));
    }

    [Theory]
    [MemberData(nameof(Transfers))]
    public async Task Tampered_file_is_refused_for_its_reason_and_written_down_and_the_old_version_serves(string name)
    {
        using var one = await fixture.MakeAsync(name, 1, Old);
        fixture.Publish(name, MaliciousAbove.Entry(one));
        await fixture.ServingAsync(name, Old);

        await SpoilAsync(name, MaliciousAbove.Entry(one));

        var kind = TamperTable.Find(name);
        await fixture.ToldAsync(kind, $"what=version.refused&subject={name}@{(kind.Refusal == BundleRefusal.Conflict ? 1 : 2)}");
        Assert.True(await fixture.ServesAsync(name, Old));
    }

    private async Task SpoilAsync(string name, CatalogueVersion one)
    {
        var again = name.EndsWith("under-the-number", StringComparison.Ordinal);
        using var stranger = new Bundles.PushedVersion("stranger");
        using var two = await fixture.MakeAsync(name, again ? 1 : 2, New, name == "transfer-wrong-key" ? stranger : null);
        var entry = MaliciousAbove.Entry(two);
        var notes = entry.Files.Single(f => f.Name == "notes.txt");
        switch (name["transfer-".Length..])
        {
            case "signature-swapped": entry = entry with { Signature = one.Signature }; break;
            case "signature-altered": entry = entry with { Signature = Added(DocumentTricks.Altered(two.Signature)) }; break;
            case "signature-no-json": entry = entry with { Signature = Added(RandomNumberGenerator.GetBytes(100)) }; break;
            case "wrong-key" or "other-content-under-the-number": break;
            case "size-wrong-digest-right":
                fixture.Blobs.Spoil(notes.Blob.Digest, "size-wrong-digest-right");
                entry = entry with { Files = [.. entry.Files.Select(f => f == notes ? f with { Blob = f.Blob with { Bytes = f.Blob.Bytes + 1 } } : f)] };
                break;
            case var trick: fixture.Blobs.Spoil(notes.Blob.Digest, trick); break;
        }

        if (again) fixture.Publish(name, entry);
        else fixture.Publish(name, one, entry);
    }

    private BlobReference Added(byte[] content) => new(fixture.Blobs.Add(content), content.Length);
}
