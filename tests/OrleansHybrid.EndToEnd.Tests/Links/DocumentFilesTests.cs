using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Documents;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>What a place keeps of documents on its disk: verified when it is read, whole or not there.</summary>
public sealed class DocumentFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DocumentSigner signer = new();

    private string Documents => folder.Sub("documents");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Written_set_is_read_back_whole()
    {
        var set = Held(signer.Document(3), signer.Document(7, "vibration"));

        Assert.Null(new DocumentStore(Documents).Write(set));

        var kept = Read();
        Assert.Empty(kept.LeftOut);
        Assert.Equal((DocumentSigner.Farm, 7), (kept.Documents.Farm, kept.Documents.Revision));
        Assert.Equal(set.Documents.Select(d => BundleDigests.Of(d.Envelope)), kept.Documents.Documents.Select(d => BundleDigests.Of(d.Envelope)));
    }

    [Theory]
    [InlineData("a byte of it", BundleRefusal.WrongSignature)]
    [InlineData("cut off", BundleRefusal.NotJson)]
    [InlineData("emptied", BundleRefusal.NotJson)]
    [InlineData("a link", BundleRefusal.NotAFile)]
    [InlineData("endless", BundleRefusal.TooLarge)]
    [InlineData("another farm's", BundleRefusal.OtherFarm)]
    public void Tampered_file_is_left_out_with_its_reason_and_the_rest_holds(string how, BundleRefusal refusal)
    {
        var set = Held(signer.Document(3), signer.Document(7, "vibration"));
        new DocumentStore(Documents).Write(set);
        var file = Directory.EnumerateFiles(Documents, "document-*").Single(f => File.ReadAllBytes(f).AsSpan().SequenceEqual(set.Documents[0].Envelope));
        Tamper(file, how);

        var kept = Read();

        Assert.Equal((Path.GetFileName(file), refusal), (Assert.Single(kept.LeftOut).File, kept.LeftOut[0].Problem.Refusal));
        Assert.Equal(7, Assert.Single(kept.Documents.Documents).Header.Revision);
    }

    [Fact]
    public void Without_the_publisher_nothing_of_the_disk_is_believed()
    {
        new DocumentStore(Documents).Write(Held(signer.Document(3)));

        var kept = new DocumentStore(Documents).Read([], TimeProvider.System.GetUtcNow());

        Assert.Empty(kept.Documents.Documents);
        Assert.Equal([BundleRefusal.NotEndorsed, BundleRefusal.NotEndorsed], kept.LeftOut.Select(l => l.Problem.Refusal));
    }

    [Fact]
    public void Disk_that_fails_is_told_and_the_next_write_makes_up_for_it()
    {
        File.WriteAllText(Documents, "a file where the folder should be");
        var store = new DocumentStore(Documents);

        Assert.NotNull(store.Write(Held(signer.Document(3))));

        File.Delete(Documents);
        Assert.Null(store.Write(Held(signer.Document(3))));
        Assert.Single(Read().Documents.Documents);
    }

    [Fact]
    public void Document_key_is_made_once_and_refused_when_others_can_read_it()
    {
        var path = folder.Sub("document.key");
        Assert.Null(DocumentKeyFile.Open(path, make: false, out var missing));
        Assert.Contains("leave --document-key out", missing, StringComparison.Ordinal);

        var first = DocumentKeyFile.Open(path, make: true, out _)!;
        Assert.Equal(first.KeyId, DocumentKeyFile.Open(path, make: true, out _)!.KeyId);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Null(DocumentKeyFile.Open(path, make: true, out var open));
        Assert.Contains("chmod 600", open, StringComparison.Ordinal);
    }

    [Fact]
    public void Publishers_folder_is_read_again_when_it_changes_and_a_bad_file_is_told_once()
    {
        var told = new List<string>();
        var publishers = new PublisherFolder(folder.Sub("publishers"), told.Add);
        Assert.Empty(publishers.Keys);

        signer.WritePublisher(publishers.Path);
        File.WriteAllText(Path.Combine(publishers.Path, "bad.pem"), "no key");

        Assert.Equal(signer.Publisher.KeyId, Assert.Single(publishers.Keys).KeyId);
        Assert.Single(publishers.Keys);
        Assert.Contains("bad.pem is left out", Assert.Single(told), StringComparison.Ordinal);
    }

    private DocumentSet Held(params byte[][] documents) =>
        documents.Aggregate(DocumentSet.Empty, (s, d) => DocumentRules.Accept(s, new DocumentTrust([signer.Publisher], ""), d, [signer.Endorsement()], TimeProvider.System.GetUtcNow()).Set);

    private KeptDocuments Read() => new DocumentStore(Documents).Read([signer.Publisher], TimeProvider.System.GetUtcNow());

    private void Tamper(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        if (how == "a link")
        {
            File.Move(file, folder.Sub("elsewhere"));
            File.CreateSymbolicLink(file, folder.Sub("elsewhere"));
            return;
        }

        File.WriteAllBytes(file, how switch
        {
            "a byte of it" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"payload\":\"eyJm", "\"payload\":\"eyJn", StringComparison.Ordinal)),
            "cut off" => bytes[..^20],
            "emptied" => [],
            "endless" => new byte[Limits.DocumentBytesMax + 1],
            _ => signer.Document(3, farm: DocumentSigner.OtherFarm),
        });
    }
}
