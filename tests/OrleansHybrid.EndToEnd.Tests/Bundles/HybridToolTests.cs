using System.Security.Cryptography;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>The tool as people and scripts run it: exit codes, reasons, and the next step in every error.</summary>
public sealed class HybridToolTests : IDisposable
{
    private readonly Publisher publisher = new();

    [Fact]
    public async Task Key_is_made_a_version_signed_and_verified()
    {
        var made = await HybridTool.RunWithAsync(publisher.Folder, Publisher.Passphrase, "keys", "make", "--out", "new.key", "--curve", "p384");
        var signed = await HybridTool.RunWithAsync(publisher.Folder, Publisher.Passphrase, "sign", "small/1", "--key", "new.key");
        var verified = await HybridTool.RunAsync(publisher.Folder, "verify", "small/1", "--key", "new.key.pub");

        Assert.Equal((0, 0, 0), (made.ExitCode, signed.ExitCode, verified.ExitCode));
        Assert.Contains("publishers' folder of each cell", made.Output, StringComparison.Ordinal);
        Assert.Contains("hybrid verify small/1 --key new.key.pub", signed.Output, StringComparison.Ordinal);
        Assert.Equal("", made.Error + signed.Error + verified.Error);
    }

    [Fact]
    public async Task Json_holds_the_facts_and_nothing_else_is_printed()
    {
        await File.WriteAllTextAsync(Path.Combine(publisher.Folder, "secret"), Publisher.Passphrase + "\r\nnot this line\n");

        var signed = await HybridTool.RunAsync(publisher.Folder, "sign", "small/1", "--key", "publisher.key", "--passphrase-file", "secret", "--output", "json");
        var verified = await HybridTool.RunAsync(publisher.Folder, "--output", "json", "verify", "small/1");

        Assert.True((bool)signed.Json["ok"]!);
        Assert.Equal(3, (int)signed.Json["files"]!);
        Assert.Equal(publisher.Key.KeyId, (string)verified.Json["key_id"]!);
        Assert.Equal((string)signed.Json["bundle"]!, (string)verified.Json["bundle"]!);
        Assert.Equal("", signed.Error + verified.Error);
    }

    [Fact]
    public async Task Wrong_passphrase_is_refused()
    {
        var run = await HybridTool.RunWithAsync(publisher.Folder, "something else", "sign", "small/1", "--key", "publisher.key", "--output", "json");

        Assert.Equal((1, "WrongPassphrase"), (run.ExitCode, (string)run.Json["reason"]!));
        Assert.False(File.Exists(publisher.Signature));
    }

    [Fact]
    public async Task No_passphrase_and_no_terminal_is_an_error_that_says_where_to_give_one()
    {
        var run = await HybridTool.RunAsync(publisher.Folder, "sign", "small/1", "--key", "publisher.key");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--passphrase-file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("altered", "AlteredFile")]
    [InlineData("extra", "ExtraFile")]
    [InlineData("missing", "MissingFile")]
    [InlineData("link", "NotAFile")]
    [InlineData("unsigned", "Unsigned")]
    [InlineData("signature altered", "WrongSignature")]
    public async Task Verify_refuses_with_the_reason(string tamper, string reason)
    {
        await publisher.SignAsync();
        Tamper(tamper);

        var json = await HybridTool.RunAsync(publisher.Folder, "verify", "small/1", "--output", "json");
        var table = await HybridTool.RunAsync(publisher.Folder, "verify", "small/1");

        Assert.Equal((1, reason), (json.ExitCode, (string)json.Json["reason"]!));
        Assert.False((bool)json.Json["ok"]!);
        Assert.Equal((1, ""), (table.ExitCode, table.Output));
        Assert.StartsWith($"refused ({reason}): ", table.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_refuses_a_key_that_is_not_trusted()
    {
        await publisher.SignAsync();
        using var other = new Publisher();

        var run = await HybridTool.RunAsync(publisher.Folder, "verify", "small/1", "--key", other.KeyPath + ".pub");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("refused (UnknownKey): ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("naïve.onnx", "UnsafeName")]
    [InlineData("MODEL.yaml", "NamesCollide")]
    public async Task Sign_refuses_unsafe_names(string name, string reason)
    {
        publisher.Write(name, "");

        var run = await HybridTool.RunWithAsync(publisher.Folder, Publisher.Passphrase, "sign", "small/1", "--key", "publisher.key", "--output", "json");

        Assert.Equal((1, reason), (run.ExitCode, (string)run.Json["reason"]!));
    }

    [Fact]
    public async Task Sign_refuses_a_link()
    {
        File.CreateSymbolicLink(Path.Combine(publisher.Version, "link"), "model.yaml");

        var run = await HybridTool.RunWithAsync(publisher.Folder, Publisher.Passphrase, "sign", "small/1", "--key", "publisher.key");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("refused (NotAFile): 'link'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_takes_a_plain_key_only_when_told_to()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = Path.Combine(publisher.Folder, "plain.key");
        await File.WriteAllTextAsync(path, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var refused = await HybridTool.RunAsync(publisher.Folder, "sign", "small/1", "--key", "plain.key");
        var allowed = await HybridTool.RunAsync(publisher.Folder, "sign", "small/1", "--key", "plain.key", "--allow-plain");

        Assert.Equal((1, 0), (refused.ExitCode, allowed.ExitCode));
        Assert.Contains("--allow-plain", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sgin")]
    [InlineData("sign", "small/1")]
    [InlineData("sign", "nowhere", "--key", "publisher.key")]
    [InlineData("sign", "small/1", "--key", "nowhere.key")]
    [InlineData("verify", "small/1", "--key", "nowhere.pub")]
    [InlineData("verify", "small/1", "--publishers", "nowhere")]
    [InlineData("verify", "small/1", "--publishers", "publishers", "--key", "publisher.key.pub")]
    [InlineData("verify", "small/1", "--output", "xml")]
    [InlineData("keys", "make", "--curve", "p521")]
    [InlineData("keys")]
    [InlineData()]
    public async Task What_is_not_understood_or_not_there_ends_with_2(params string[] arguments)
    {
        var run = await HybridTool.RunWithAsync(publisher.Folder, Publisher.Passphrase, arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error + run.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("keys", "--help")]
    [InlineData("keys", "make", "--help")]
    [InlineData("sign", "--help")]
    [InlineData("verify", "--help")]
    public async Task Help_of_every_command_shows_an_example(params string[] arguments)
    {
        var run = await HybridTool.RunAsync(publisher.Folder, arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("Examples?:\n  hybrid ", run.Output);
    }

    public void Dispose() => publisher.Dispose();

    private void Tamper(string how)
    {
        var model = Path.Combine(publisher.Version, "tiny.onnx");
        if (how == "altered") File.AppendAllText(model, "x");
        if (how == "extra") publisher.Write("extra", "");
        if (how == "missing" || how == "link") File.Delete(model);
        if (how == "link") File.CreateSymbolicLink(model, "model.yaml");
        if (how == "unsigned") File.Delete(publisher.Signature);
        if (how == "signature altered") File.WriteAllText(publisher.Signature, File.ReadAllText(publisher.Signature).Replace("\"payload\":\"ewog", "\"payload\":\"ewoh", StringComparison.Ordinal));
    }
}
