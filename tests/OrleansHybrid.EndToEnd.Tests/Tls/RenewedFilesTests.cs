using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Tls;
using OrleansHybrid.Silo.Tls;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>Files that change under a running program, without a cell: what is whole is taken, what is not leaves the old, and is said once.</summary>
public sealed class RenewedFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TestAuthority authority;
    private readonly TestCertificate files;
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> notes = [];
    private readonly TlsCertificate opened;

    public RenewedFilesTests()
    {
        authority = new TestAuthority(folder, "servers");
        files = authority.Make("first");
        opened = TlsCertificate.Open(files.Certificate, files.Key, CertificateUse.Server, clock, notes.Add, out var problem) ?? throw new InvalidOperationException(problem);
    }

    public void Dispose()
    {
        opened.Dispose();
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Half_a_renewal_leaves_the_old_one_and_is_said_once()
    {
        var next = authority.Make("second");
        File.Copy(next.Certificate, files.Certificate, overwrite: true);
        LookTwice();

        Assert.Equal("CN=first", opened.Current.Leaf.Subject);
        Assert.Contains("does not belong to the certificate", Assert.Single(notes), StringComparison.Ordinal);

        File.Copy(next.Key, files.Key, overwrite: true);
        LookTwice();

        Assert.Equal(("CN=second", 2), (opened.Current.Leaf.Subject, notes.Count));
        Assert.True(opened.Current.Leaf.HasPrivateKey);
    }

    [Fact]
    public void Certificate_that_is_not_valid_yet_is_taken_when_it_is_though_its_file_did_not_change()
    {
        authority.Write(files, "later", from: 1, to: 30);
        LookTwice();
        Assert.Equal("CN=first", opened.Current.Leaf.Subject);
        Assert.Contains("is not valid before", Assert.Single(notes), StringComparison.Ordinal);

        clock.SetUtcNow(clock.GetUtcNow() + TimeSpan.FromDays(1.5));
        LookTwice();

        Assert.Equal("CN=later", opened.Current.Leaf.Subject);
    }

    [Fact]
    public void Key_that_others_may_read_by_now_and_a_file_that_is_gone_leave_the_old()
    {
        File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        LookTwice();
        File.Delete(files.Certificate);
        LookTwice();

        Assert.Equal("CN=first", opened.Current.Leaf.Subject);
        Assert.Collection(notes, n => Assert.Contains("chmod 600", n, StringComparison.Ordinal), n => Assert.Contains("there is no file", n, StringComparison.Ordinal));
    }

    [Fact]
    public void Certificate_with_an_extension_that_cannot_be_read_is_refused_and_ends_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=odd", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x7f, 0x01], false));
        using var odd = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddDays(1));
        File.WriteAllText(files.Certificate, odd.ExportCertificatePem());
        LookTwice();

        Assert.Equal("CN=first", opened.Current.Leaf.Subject);
        Assert.Contains("is not usable", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_of_strangers_are_one_line_each_and_ten_a_minute()
    {
        var told = new TlsNotes(clock);
        for (var i = 0; i < 15; i++) told.Refused($"{i}\nforged {new string('x', 5000)}");
        var first = told.Last;
        clock.Advance(TimeSpan.FromMinutes(1));
        told.Refused("next");

        Assert.Equal(Limits.HandshakeRefusalsToldMax, first.Count);
        Assert.All(first, line => Assert.True(line.Length < 1100 && !line.Contains('\n', StringComparison.Ordinal)));
        Assert.Contains("5 more", told.Last[^1], StringComparison.Ordinal);
    }

    private void LookTwice()
    {
        clock.Advance(Limits.CertificateRereadInterval);
        clock.Advance(Limits.CertificateRereadInterval);
    }
}
