using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Fleet;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>A client certificate as a region's credential: it is that region and no other, until it is revoked.</summary>
public sealed class RegionCertificateTests : IAsyncLifetime
{
    private TlsCells cells = null!;

    public async Task InitializeAsync() => cells = await TlsCells.StartAsync();

    public async Task DisposeAsync() => await cells.DisposeAsync();

    [Fact]
    public async Task Certificate_of_one_region_cannot_report_as_another_also_not_with_the_link_key()
    {
        var certificate = cells.Clients.Make("eu-west");
        using var alone = cells.Fleet(certificate);
        using var withLinkKey = cells.Fleet(certificate, cells.Central.LinkKey);
        using var withTheOthers = cells.Fleet(certificate, await EnrolAsync("us-east"));

        Assert.Equal(CheckInVerdict.Accepted, (await alone.CheckInAsync(TlsCells.Report("eu-west", 1), default)).Verdict);
        var lied = await alone.CheckInAsync(TlsCells.Report("us-east", 1), default);
        var liedAgain = await withLinkKey.CheckInAsync(TlsCells.Report("us-east", 1), default);
        var mixed = await withTheOthers.CheckInAsync(TlsCells.Report("us-east", 1), default);

        Assert.NotNull(lied.Failure);
        Assert.NotNull(liedAgain.Failure);
        Assert.Equal(FailureCode.Unauthenticated, mixed.Failure?.Code);
        Assert.Equal(["eu-west"], (await cells.AskAsync(HttpMethod.Get, "regions")).Body["regions"]!.AsArray().Select(r => (string)r!["region"]!));
    }

    [Fact]
    public async Task Certificate_that_names_no_region_or_a_box_is_no_credential_and_a_key_beside_it_counts()
    {
        foreach (var subject in new[] { "CN=Ada Lovelace", "CN=box-7, OU=node" })
        {
            var certificate = cells.Clients.Make(subject);
            using var nobody = cells.Fleet(certificate);
            using var link = cells.Fleet(certificate, cells.Central.LinkKey);

            Assert.Equal(FailureCode.Unauthenticated, (await nobody.CheckInAsync(TlsCells.Report("eu-west", 1), default)).Failure?.Code);
            Assert.Null((await link.CheckInAsync(TlsCells.Report("eu-west", 100 + subject.Length), default)).Failure);
        }
    }

    [Fact]
    public async Task Revoked_region_is_out_by_credential_certificate_and_link_key_until_it_enrols_anew_with_a_new_certificate()
    {
        var certificate = cells.Clients.Make("eu-west");
        var credential = await EnrolAsync("eu-west");
        using var byCertificate = cells.Fleet(certificate);
        using var byCredential = cells.Fleet(null, credential);
        using var byLinkKey = cells.Fleet(null, cells.Central.LinkKey);
        Assert.Null((await byCertificate.CheckInAsync(TlsCells.Report("eu-west", 1), default)).Failure);

        var (status, body) = await cells.AskAsync(HttpMethod.Post, "regions/eu-west:revoke");
        foreach (var client in new[] { byCertificate, byCredential, byLinkKey }) Assert.Contains("revoked", (await client.CheckInAsync(TlsCells.Report("eu-west", 2), default)).Failure?.Message, StringComparison.Ordinal);
        Assert.Equal((200, true), (status, body["serial"] is not null));
        Assert.Contains((await cells.AskAsync(HttpMethod.Get, "audit")).Body["entries"]!.AsArray(), e => (string?)e!["what"] == "region.revoke" && (string?)e["subject"] == "eu-west");

        using var anew = cells.Fleet(null, await EnrolAsync("eu-west"));
        Assert.Null((await anew.CheckInAsync(TlsCells.Report("eu-west", 1), default)).Failure);
        Assert.Contains("older than", (await byCertificate.CheckInAsync(TlsCells.Report("eu-west", 3), default)).Failure?.Message, StringComparison.Ordinal);
        await Wait.Until(NewCertificateCountsAsync, "a new certificate to count");
    }

    /// <summary>A certificate's times are whole seconds, so one of the second of the revocation is still an old one.</summary>
    private async Task<bool> NewCertificateCountsAsync()
    {
        using var renewed = cells.Fleet(cells.Clients.Make("eu-west", from: 0));
        return (await renewed.CheckInAsync(TlsCells.Report("eu-west", 4), default)).Failure is null;
    }

    private async Task<string> EnrolAsync(string region)
    {
        var (_, token) = await cells.AskAsync(HttpMethod.Post, "join-tokens", new { kind = "region" });
        using var client = cells.Fleet(null);
        var enrolled = await client.EnrolAsync(new Enrolment((string)token["token"]!, region, "", NodeAttributes.Unknown, 1 << 30, 4), default);
        return enrolled.Failure is { } failure ? throw new InvalidOperationException(failure.Message) : enrolled.Credential;
    }
}
