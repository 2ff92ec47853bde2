using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A publisher's desk: a small version's folder, a key, and its public half in a folder of trusted ones.</summary>
internal sealed class Publisher : IDisposable
{
    public const string Passphrase = "correct horse battery";

    private readonly TempFolder desk = new();

    public Publisher(PublisherCurve curve = PublisherCurve.P256)
    {
        Directory.CreateDirectory(Path.Combine(Version, "probes"));
        File.WriteAllText(Path.Combine(Version, "model.yaml"), "model: small\nversion: 1\n");
        File.WriteAllBytes(Path.Combine(Version, "tiny.onnx"), [1, 2, 3]);
        File.WriteAllText(Path.Combine(Version, "probes", "one.json"), "{}");
        Key = PublisherKeyFile.Make(KeyPath, curve, Passphrase, out _)!;
        Directory.CreateDirectory(desk.Sub("publishers"));
        File.Copy(KeyPath + ".pub", Path.Combine(desk.Sub("publishers"), "speech.pub"));
    }

    public PublisherKey Key { get; }

    public string Folder => desk.Path;

    /// <summary>The version's folder; as argument <c>small/1</c>.</summary>
    public string Version => Path.Combine(desk.Path, "small", "1");

    public string KeyPath => desk.Sub("publisher.key");

    public string Signature => Path.Combine(Version, BundleNames.SignatureFile);

    public ECDsa Open() => PublisherKeyFile.Read(KeyPath, out _)!.Open(Passphrase, allowPlain: false, out _)!;

    public async Task<BundleSigned> SignAsync(params string[] ignore)
    {
        using var key = Open();
        var signed = await BundleSigner.SignAsync(Version, key, ignore, null, CancellationToken.None);
        if (signed.Signature is { } bytes) BundleSigner.Write(Version, bytes);
        return signed;
    }

    public Task<BundleVerdict> VerifyAsync(params string[] ignore) => BundleFolderVerifier.VerifyWholeAsync(Version, [Key], ignore, null, CancellationToken.None);

    public void Write(string name, string content) => File.WriteAllText(Path.Combine(Version, name), content);

    public void Dispose() => desk.Dispose();
}
