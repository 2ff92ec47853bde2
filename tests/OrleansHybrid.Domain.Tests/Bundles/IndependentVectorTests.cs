using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Bytes and digests that other software computed.</summary>
public sealed class IndependentVectorTests
{
    [Theory]
    [InlineData("http://example.com/HelloWorld", "hello world", "44535345763120323920687474703a2f2f6578616d706c652e636f6d2f48656c6c6f576f726c642031312068656c6c6f20776f726c64")]
    [InlineData("application/vnd.prüfung", "Grüße, 世界 🌍", "445353457631203234206170706c69636174696f6e2f766e642e7072c3bc66756e67203230204772c3bcc39f652c20e4b896e7958c20f09f8c8d")]
    [InlineData("t", "", "44535345763120312074203020")]
    public void Encoding_counts_bytes_not_characters(string type, string payload, string expected)
    {
        var encoded = Convert.ToHexStringLower(DsseEnvelope.Encode(type, Encoding.UTF8.GetBytes(payload)));

        // The second vector says 24 and 20: 'ü' takes two bytes of the type, and the payload has 12 characters.
        Assert.Equal(expected, encoded);
    }

    [Fact]
    public void Root_digest_takes_names_byte_by_byte_whatever_order_they_came_in()
    {
        string[] names = ["a/b", "aa", "a0", "a-b", "aA", "A", "0"];
        var files = names.Select(n => new BundleFile(n, BundleDigests.Of(Encoding.ASCII.GetBytes(n)))).ToList();

        Assert.Equal(["0", "A", "a-b", "a/b", "a0", "aA", "aa"], names.Order(Comparer<string>.Create(BundleNames.Compare)));
        Assert.Equal("sha256:8fca1448d68f70ec42729ca42c066df46154ad0cb86fac062e0e35ada98d55eb", BundleDigests.RootOf(files));
        Assert.Equal("sha256:8fca1448d68f70ec42729ca42c066df46154ad0cb86fac062e0e35ada98d55eb", BundleDigests.RootOf(files.AsEnumerable().Reverse()));
    }

    [Fact]
    public void Key_id_is_the_hash_of_the_PEM_text_with_its_last_newline() => Assert.Equal(IndependentVectors.KeyId, Key().KeyId);

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n", "\n\n# of the team for speech\n")]
    public void Key_id_does_not_depend_on_line_ends_and_what_stands_around(string lineEnd, string tail)
    {
        var text = IndependentVectors.PublicKey.ReplaceLineEndings("\n").TrimEnd('\n').ReplaceLineEndings(lineEnd) + tail;

        Assert.Equal(IndependentVectors.KeyId, PublisherKey.Read("key", text, out _)!.KeyId);
    }

    [Theory]
    [InlineData(IndependentVectors.InSpecificationOrder, "sha256:3decaece3bad21eef6382a099bd8de950c5bc070c6caffd8595c1caa12cad94d")]
    [InlineData(IndependentVectors.InReferenceOrder, "sha256:7a7b53e6103563247c3b71c9d66db172e090b93b5c682f6bf118af455557a819")]
    public void Signature_of_other_software_verifies_in_the_order_in_which_it_lists(string signature, string root)
    {
        var verdict = BundleSignature.Verify(Encoding.ASCII.GetBytes(signature), [Key()]);

        Assert.Null(verdict.Problem);
        Assert.Equal(root, verdict.Statement!.RootDigest);
        Assert.Equal(["model.yaml", "probes.json", "probes/clip.wav"], verdict.Statement.Files.Select(f => f.Name));
        Assert.Null(BundleFolderRules.CheckWhole(verdict.Statement, IndependentVectors.Files.ToDictionary(f => f.Key, f => BundleDigests.Of(f.Value))));
    }

    [Fact]
    public void Private_key_in_the_place_of_a_public_one_is_refused_and_said()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (var text in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem() })
        {
            Assert.Null(PublisherKey.Read("leaked.pem", text, out var problem));
            Assert.Equal(BundleRefusal.UnusableKey, problem!.Refusal);
            Assert.Contains("private", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_on_other_curves_and_of_other_kinds_are_refused()
    {
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var rsa = RSA.Create(2048);

        foreach (var text in new[] { wide.ExportSubjectPublicKeyInfoPem(), rsa.ExportSubjectPublicKeyInfoPem(), "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" })
        {
            Assert.Null(PublisherKey.Read("other.pem", text, out var problem));
            Assert.Equal(BundleRefusal.UnusableKey, problem!.Refusal);
        }
    }

    private static PublisherKey Key() => PublisherKey.Read("python", IndependentVectors.PublicKey, out _)!;
}
