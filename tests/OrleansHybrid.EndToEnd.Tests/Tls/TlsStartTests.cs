using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>What cannot be used is named at the start, with its setting and what to do.</summary>
public sealed class TlsStartTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TestAuthority authority;
    private readonly TestCertificate good;

    public TlsStartTests()
    {
        authority = new TestAuthority(folder, "servers");
        good = authority.Make("central");
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Good_files_are_taken_and_the_addresses_become_https()
    {
        var cell = Read(["--tls-certificate", good.Certificate, "--tls-key", good.Key, "--tls-client-ca", authority.File], out var errors);

        Assert.Empty(errors);
        Assert.StartsWith("https://", cell!.HttpUrl, StringComparison.Ordinal);
        Assert.StartsWith("https://", cell.PeerUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_behind_links_are_judged_by_what_they_lead_to()
    {
        var linked = new TestCertificate(folder.Sub("tls.crt"), folder.Sub("tls.key"));
        File.CreateSymbolicLink(linked.Certificate, good.Certificate);
        File.CreateSymbolicLink(linked.Key, good.Key);

        Read(["--tls-certificate", linked.Certificate, "--tls-key", linked.Key], out var closed);
        File.SetUnixFileMode(good.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Read(["--tls-certificate", linked.Certificate, "--tls-key", linked.Key], out var open);

        Assert.Empty(closed);
        Assert.Contains("chmod 600", Assert.Single(open).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Authority_of_regions_in_another_file_is_none_for_silos()
    {
        var copy = folder.Sub("copy.pem");
        using var own = new TestAuthority(folder, "silos");
        File.WriteAllText(copy, File.ReadAllText(own.File) + "\n" + File.ReadAllText(authority.File));

        Read(["--tls-certificate", good.Certificate, "--tls-key", good.Key, "--tls-client-ca", authority.File, "--silo-tls-ca", copy], out var errors);

        Assert.Contains("let every region into the cluster", Assert.Single(errors).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_that_expires_soon_is_warned_of_at_the_start()
    {
        var soon = authority.Make("central", from: -1, to: 0.1);

        using var late = CellTls.Open(Read(["--tls-certificate", soon.Certificate, "--tls-key", soon.Key], out _)!, TimeProvider.System);
        using var early = CellTls.Open(Read(["--tls-certificate", good.Certificate, "--tls-key", good.Key], out _)!, TimeProvider.System);

        Assert.Contains("--tls-certificate expires at", Assert.Single(late.Notes.Last), StringComparison.Ordinal);
        Assert.Empty(early.Notes.Last);
    }

    [Theory]
    [InlineData("missing", "there is no file")]
    [InlineData("other key", "does not belong to the certificate")]
    [InlineData("expired", "expired at 20")]
    [InlineData("not yet", "is not valid before 20")]
    [InlineData("open key", "chmod 600")]
    [InlineData("group key", "chmod 600")]
    [InlineData("no pem", "holds no certificate")]
    [InlineData("encrypted", "is encrypted")]
    public void File_that_cannot_be_used_is_an_error_that_says_why(string what, string why)
    {
        var files = what switch
        {
            "missing" => good with { Certificate = folder.Sub("none.pem") },
            "other key" => good with { Key = authority.Make("other").Key },
            "expired" => authority.Make("old", from: -1.9, to: -1),
            "not yet" => authority.Make("new", from: 1, to: 2),
            "no pem" => good with { Certificate = Put("text.pem", "text") },
            "encrypted" => good with { Key = Put("enc.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----") },
            _ => good,
        };
        if (what == "open key") File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        if (what == "group key") File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Read(["--tls-certificate", files.Certificate, "--tls-key", files.Key], out var errors);

        var error = Assert.Single(errors);
        Assert.Equal("--tls-certificate", error.Where);
        Assert.Contains(why, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tls-certificate {cert}", "--tls-key is missing")]
    [InlineData("--tls-client-ca {ca}", "ports without TLS")]
    [InlineData("--link-ca {ca}", "not reached by https")]
    [InlineData("--upstream http://127.0.0.1:1 --link-certificate {cert} --link-certificate-key {key}", "not reached by https")]
    [InlineData("--silo-certificate {cert} --silo-key {key}", "plain text without --silo-tls-ca")]
    [InlineData("--silo-tls-ca {ca}", "no certificate to show")]
    [InlineData("--tls-certificate {cert} --tls-key {key} --tls-client-ca {ca} --silo-tls-ca {ca}", "let every region into the cluster")]
    public void Settings_that_mean_nothing_together_are_errors(string line, string why)
    {
        Read([.. line.Split(' ').Select(w => w.Replace("{cert}", good.Certificate, StringComparison.Ordinal).Replace("{key}", good.Key, StringComparison.Ordinal).Replace("{ca}", authority.File, StringComparison.Ordinal))], out var errors);

        Assert.Contains(errors, e => e.Problem.Contains(why, StringComparison.Ordinal));
    }

    private string Put(string name, string text)
    {
        File.WriteAllText(folder.Sub(name), text);
        File.SetUnixFileMode(folder.Sub(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return folder.Sub(name);
    }

    private CellSettings? Read(string[] line, out IReadOnlyList<SettingError> wrong)
    {
        var errors = new SettingErrors();
        var farm = SettingsReader.Read(CommandLineSettings.Parse([.. TestCell.Create("central").Arguments(folder.Path), .. line], errors), new Dictionary<string, string>(), folder.Path, errors);
        wrong = errors.All;
        return farm?.Cells[0];
    }
}
