using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>What is wrong with a push is refused for its own reason and written down, and nothing of it is published.</summary>
public sealed class PushTamperTests(PushCell fixture) : IClassFixture<PushCell>
{
    private static readonly Dictionary<string, (Func<PushCalls, PushedVersion, Task<PushAnswer>> Push, BundleRefusal Refusal)> Begins = new()
    {
        ["unsigned"] = ((c, v) => c.BeginAsync(v, signature: ""), BundleRefusal.Unsigned),
        ["no-base64"] = ((c, v) => c.BeginAsync(v, signature: "%%%"), BundleRefusal.WrongShape),
        ["no-json"] = ((c, v) => c.BeginAsync(v, signature: Convert.ToBase64String("nonsense"u8)), BundleRefusal.NotJson),
        ["altered-signature"] = ((c, v) => c.BeginAsync(v, signature: Convert.ToBase64String(Altered(v.Signature))), BundleRefusal.WrongSignature),
        ["extra-file"] = ((c, v) => c.BeginAsync(v, sizes: s => s["extra.txt"] = 3), BundleRefusal.ExtraFile),
        ["path-trick"] = ((c, v) => c.BeginAsync(v, sizes: s => s["../../evil"] = 3), BundleRefusal.ExtraFile),
        ["missing-file"] = ((c, v) => c.BeginAsync(v, sizes: s => s.Remove("tiny.onnx")), BundleRefusal.MissingFile),
        ["negative-size"] = ((c, v) => c.BeginAsync(v, sizes: s => s["tiny.onnx"] = -1), BundleRefusal.WrongSize),
        ["huge"] = ((c, v) => c.BeginAsync(v, sizes: s => s["tiny.onnx"] = long.MaxValue), BundleRefusal.TooLarge),
        ["model-path"] = ((c, v) => c.BeginAsync(v, model: "..%5Cevil"), BundleRefusal.UnsafeName),
        ["version-zero"] = ((c, v) => c.BeginAsync(v, number: 0), BundleRefusal.WrongManifest),
        ["altered-byte"] = (async (c, v) => await FileAsync(c, v, Altered(v.Read("notes.txt"))), BundleRefusal.AlteredFile),
        ["endless-body"] = (async (c, v) => await FileAsync(c, v, [.. v.Read("notes.txt"), 1]), BundleRefusal.TooLarge),
        ["wrong-size"] = (async (c, v) => await FileAsync(c, v, v.Read("notes.txt"), s => s["notes.txt"]++), BundleRefusal.WrongSize),
        ["unknown-digest"] = (async (c, v) => await c.PutAsync((string)(await c.BeginAsync(v)).Body!["id"]!, "sha256:" + new string('0', 64), [1]), BundleRefusal.ExtraFile),
        ["other-model"] = ((c, v) => WithAsync(c, v, () => v.Write("model.yaml", PushedVersion.Manifest("another", 1))), BundleRefusal.WrongManifest),
        ["other-version"] = ((c, v) => WithAsync(c, v, () => v.Write("model.yaml", PushedVersion.Manifest(v.Model, 9))), BundleRefusal.WrongManifest),
        ["no-manifest"] = ((c, v) => WithAsync(c, v, () => File.Delete(Path.Combine(v.Folder, "model.yaml"))), BundleRefusal.WrongManifest),
        ["broken-manifest"] = ((c, v) => WithAsync(c, v, () => v.Write("model.yaml", "model: [")), BundleRefusal.WrongManifest),
        ["broken-cloud-variant"] = ((c, v) => WithAsync(c, v, () => v.Write("large.onnx", [1, 2, 3])), BundleRefusal.WrongManifest),
        ["broken-device-variant"] = ((c, v) => WithAsync(c, v, () => v.Write("tiny.onnx", [1, 2, 3])), BundleRefusal.WrongManifest),
        ["hazard-in-one-variant"] = ((c, v) => WithAsync(c, v, () => v.Write("tiny.onnx", PushedVersion.Hazard())), BundleRefusal.WrongManifest),
        ["variant-file-missing"] = ((c, v) => WithAsync(c, v, () => File.Delete(Path.Combine(v.Folder, "tiny.onnx"))), BundleRefusal.WrongManifest),
    };

    public static TheoryData<string> Names => new(Begins.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tampered_push_is_refused_for_its_reason_and_written_down(string name)
    {
        using var version = await fixture.TrustedAsync(new PushedVersion(name));
        version.Write("notes.txt", [.. System.Text.Encoding.ASCII.GetBytes(name), .. new byte[5000]]);
        await version.SignAsync();

        var refused = await Begins[name].Push(fixture.Calls, version);

        Assert.Equal(Begins[name].Refusal.ToString(), refused.Refusal);
        Assert.Null(await fixture.Calls.PublishedAsync(name, 1));
        var audited = (await fixture.Calls.SendAsync(HttpMethod.Get, "audit?what=version.refused&rows=1", null)).Body!["entries"]!.AsArray();
        Assert.StartsWith(refused.Refusal + ":", (string)audited[0]!["why"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publisher_that_nobody_trusts_is_refused()
    {
        using var trusted = await fixture.TrustedAsync(new PushedVersion("trusted"));
        using var version = new PushedVersion("stranger");
        await version.SignAsync();

        Assert.Equal(nameof(BundleRefusal.UnknownKey), (await fixture.Calls.PushAsync(version)).Refusal);
        Assert.Null(await fixture.Calls.PublishedAsync("stranger", 1));
    }

    [Fact]
    public async Task Number_that_is_published_never_gets_other_content()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("again"));
        await version.SignAsync();
        var bundle = (string)(await fixture.Calls.PushAsync(version)).Body!["bundle"]!;
        version.Write("notes.txt", "other content");
        await version.SignAsync();

        var refused = await fixture.Calls.PushAsync(version);

        Assert.Equal((409, nameof(BundleRefusal.Conflict)), (refused.Status, refused.Refusal));
        Assert.Contains("give the new content the number 2", (string)refused.Body!["error"]!, StringComparison.Ordinal);
        Assert.Equal(bundle, (string)(await fixture.Calls.PublishedAsync("again", 1))!["bundle"]!);
    }

    [Fact]
    public async Task Commit_before_every_file_is_here_and_of_an_upload_that_is_gone_say_what_to_do()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("early"));
        version.Write("notes.txt", "early");
        await version.SignAsync();
        var id = (string)(await fixture.Calls.BeginAsync(version)).Body!["id"]!;

        var early = await fixture.Calls.CommitAsync(id);
        var removed = await fixture.Calls.SendAsync(HttpMethod.Delete, $"uploads/{id}", null);
        var gone = await fixture.Calls.CommitAsync(id);
        var offset = await fixture.Calls.PutAsync(id, PushCalls.DigestOf(version.Read("notes.txt")), [1], 5);

        Assert.Equal((409, 204, 404, 404), (early.Status, removed.Status, gone.Status, offset.Status));
        Assert.Contains("has not arrived whole", (string)early.Body!["error"]!, StringComparison.Ordinal);
        Assert.Contains("Push the version again", (string)gone.Body!["error"]!, StringComparison.Ordinal);
        Assert.Null(await fixture.Calls.PublishedAsync("early", 1));
    }

    private static byte[] Altered(byte[] bytes)
    {
        // In a signature this is a character of its base64 payload; elsewhere any byte does.
        var at = bytes.Length / 2;
        byte[] altered = [.. bytes];
        altered[at] = altered[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        return altered;
    }

    private static async Task<PushAnswer> FileAsync(PushCalls calls, PushedVersion version, byte[] sent, Action<Dictionary<string, long>>? sizes = null)
    {
        var id = (string)(await calls.BeginAsync(version, sizes: sizes)).Body!["id"]!;
        return await calls.PutAsync(id, PushCalls.DigestOf(version.Read("notes.txt")), sent);
    }

    /// <summary>A publisher signs what is wrong: signing alone makes nothing good.</summary>
    private static async Task<PushAnswer> WithAsync(PushCalls calls, PushedVersion version, Action change)
    {
        change();
        await version.SignAsync();
        return await calls.PushAsync(version);
    }
}
