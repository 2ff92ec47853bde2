using System.Formats.Asn1;
using System.Security.Cryptography;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Signing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

public sealed class PublisherKeyFileTests : IDisposable
{
    private const string Passphrase = "correct horse battery";
    private readonly TempFolder folder = new();

    private string Path => folder.Sub("a.key");

    [Theory]
    [InlineData(PublisherCurve.P256, "nistP256")]
    [InlineData(PublisherCurve.P384, "nistP384")]
    public void Key_is_made_and_opens_with_its_passphrase(PublisherCurve curve, string name)
    {
        var made = PublisherKeyFile.Make(Path, curve, Passphrase, out _);

        using var key = PublisherKeyFile.Read(Path, out _)!.Open(Passphrase, allowPlain: false, out _);
        Assert.Contains(key!.ExportParameters(false).Curve.Oid.FriendlyName, new[] { name, name.Replace("nistP", "ECDSA_P", StringComparison.Ordinal) });
        Assert.Equal(made!.KeyId, PublisherKeys.ReadFile(Path + ".pub", out _)!.KeyId);
        Assert.Equal(made.Pem, File.ReadAllText(Path + ".pub"));
    }

    [Fact]
    public void Private_half_is_readable_by_its_owner_alone()
    {
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void Private_half_is_encrypted_with_PBES2_AES_256_and_the_rounds_of_Limits()
    {
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);

        var text = File.ReadAllText(Path);
        var pem = PemEncoding.Find(text);
        Assert.Equal("ENCRYPTED PRIVATE KEY", text[pem.Label]);
        var algorithm = new AsnReader(Convert.FromBase64String(text[pem.Base64Data]), AsnEncodingRules.DER).ReadSequence().ReadSequence();
        Assert.Equal("1.2.840.113549.1.5.13", algorithm.ReadObjectIdentifier());
        var parameters = algorithm.ReadSequence();
        var derivation = parameters.ReadSequence();
        Assert.Equal("1.2.840.113549.1.5.12", derivation.ReadObjectIdentifier());
        var pbkdf2 = derivation.ReadSequence();
        Assert.True(pbkdf2.ReadOctetString().Length >= 8);
        Assert.True(pbkdf2.ReadInteger() >= 600_000);
        Assert.Equal("1.2.840.113549.2.9", pbkdf2.ReadSequence().ReadObjectIdentifier());
        Assert.Equal("2.16.840.1.101.3.4.1.42", parameters.ReadSequence().ReadObjectIdentifier());
        Assert.True(Limits.PassphraseRounds >= 600_000);
    }

    [Fact]
    public void Key_is_never_overwritten()
    {
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);
        var before = File.ReadAllText(Path);

        Assert.Null(PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out var problem));
        Assert.Contains("never overwritten", problem, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path));

        File.WriteAllText(folder.Sub("b.key.pub"), "other");
        Assert.Null(PublisherKeyFile.Make(folder.Sub("b.key"), PublisherCurve.P256, Passphrase, out _));
        Assert.False(File.Exists(folder.Sub("b.key")));
    }

    [Fact]
    public void Short_passphrase_makes_no_key()
    {
        Assert.Null(PublisherKeyFile.Make(Path, PublisherCurve.P256, "short", out var problem));
        Assert.Contains("8 are the fewest", problem, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Wrong_passphrase_opens_nothing_and_is_said()
    {
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);

        Assert.Null(PublisherKeyFile.Read(Path, out _)!.Open("correct horse", allowPlain: true, out var problem));
        Assert.Contains("passphrase", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_key_is_refused_unless_it_is_allowed()
    {
        WritePrivate(Path, ECCurve.NamedCurves.nistP256);

        var file = PublisherKeyFile.Read(Path, out _)!;
        Assert.Null(file.Open("", allowPlain: false, out var problem));
        Assert.Contains("--allow-plain", problem, StringComparison.Ordinal);
        using var key = file.Open("", allowPlain: true, out _);
        Assert.NotNull(key);
    }

    [Fact]
    public void Key_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Null(PublisherKeyFile.Read(Path, out var problem));
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_on_another_curve_is_refused()
    {
        WritePrivate(Path, ECCurve.NamedCurves.nistP521);

        Assert.Null(PublisherKeyFile.Read(Path, out _)!.Open("", allowPlain: true, out var problem));
        Assert.Contains("P-256 or P-384", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_of_publishers_refuses_a_private_key_and_more_keys_than_the_bound()
    {
        PublisherKeyFile.Make(Path, PublisherCurve.P256, Passphrase, out _);
        Assert.Single(PublisherKeys.ReadFolder(folder.Path, out _)!);
        Assert.Empty(PublisherKeys.ReadFolder(folder.Sub("absent"), out _)!);

        for (var i = 0; i < Limits.PublisherKeysMax; i++) File.Copy(Path + ".pub", folder.Sub($"{i}.pub"));
        Assert.Null(PublisherKeys.ReadFolder(folder.Path, out var problem));
        Assert.Equal(BundleRefusal.TooLarge, problem!.Refusal);

        WritePrivate(folder.Sub("0.pem"), ECCurve.NamedCurves.nistP256);
        Assert.Null(PublisherKeys.ReadFolder(folder.Path, out problem));
        Assert.Equal(BundleRefusal.UnusableKey, problem!.Refusal);
    }

    public void Dispose() => folder.Dispose();

    private static void WritePrivate(string path, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
