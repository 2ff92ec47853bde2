using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Whatever single byte is changed, the version is refused.</summary>
public sealed class SingleByteTests
{
    [Fact]
    public void Signature_with_any_byte_of_its_payload_changed_is_refused()
    {
        using var forger = new Forger();
        var text = Encoding.ASCII.GetString(forger.Sign());
        var payload = (string)JsonNode.Parse(text)!["dsseEnvelope"]!["payload"]!;
        var start = text.IndexOf(payload, StringComparison.Ordinal);

        Gen.Select(Gen.Int[start, start + payload.Length - 1], Gen.Byte).Sample(
            (place, value) =>
            {
                var bytes = Encoding.ASCII.GetBytes(text);
                if (bytes[place] == value) return;
                bytes[place] = value;
                Assert.NotNull(BundleSignature.Verify(bytes, [forger.Public]).Problem);
            },
            iter: 2000);
    }

    /// <summary>The last characters before the padding hold bits that say nothing: base64 readers differ there.</summary>
    [Fact]
    public void Payload_with_other_bits_behind_its_end_is_refused()
    {
        using var forger = new Forger();
        byte[] payload = [.. Encoding.UTF8.GetBytes(Forger.Statement(Forger.Digests()).ToJsonString())];
        payload = [.. payload, .. Enumerable.Repeat((byte)' ', (4 - (payload.Length % 3)) % 3)];
        Assert.Equal(1, payload.Length % 3);

        var text = Encoding.ASCII.GetString(forger.Sign(payload));
        var end = text.IndexOf("==\",\"payloadType", StringComparison.Ordinal);

        Assert.Null(BundleSignature.Verify(Encoding.ASCII.GetBytes(text), [forger.Public]).Problem);
        var changed = text[..(end - 1)] + (char)(text[end - 1] + 1) + text[end..];
        Assert.Equal(BundleRefusal.WrongShape, BundleSignature.Verify(Encoding.ASCII.GetBytes(changed), [forger.Public]).Problem!.Refusal);
    }

    [Fact]
    public void Folder_with_any_byte_of_any_file_changed_is_refused()
    {
        using var forger = new Forger();
        var statement = BundleSignature.Verify(forger.Sign(), [forger.Public]).Statement!;

        Gen.Select(Gen.Int[0, Forger.Files.Count - 1].Select(i => Forger.Files.Keys.ElementAt(i)), Gen.Int[0, 1 << 20], Gen.Byte[1, 255]).Sample(
            (name, place, change) =>
            {
                var content = Encoding.UTF8.GetBytes(Forger.Files[name]);
                content[place % content.Length] ^= change;
                var found = Forger.Digests();
                found[name] = BundleDigests.Of(content);
                Assert.Equal(BundleRefusal.AlteredFile, BundleFolderRules.CheckWhole(statement, found)!.Refusal);
            },
            iter: 2000);
    }

    /// <summary>What nobody signed never throws: it is refused with a reason.</summary>
    [Fact]
    public void Bytes_of_any_kind_are_refused_and_never_throw()
    {
        using var forger = new Forger();
        var signature = forger.Sign();

        Gen.Select(Gen.Byte.Array[1, 64], Gen.Int[0, signature.Length - 1], Gen.Int[0, 64]).Sample(
            (noise, at, removed) =>
            {
                byte[] bytes = [.. signature[..at], .. noise, .. signature[Math.Min(signature.Length, at + removed)..]];
                var verdict = BundleSignature.Verify(bytes, [forger.Public]);
                Assert.True(verdict.Problem is not null || verdict.Statement is not null);
            },
            iter: 2000);
    }
}
