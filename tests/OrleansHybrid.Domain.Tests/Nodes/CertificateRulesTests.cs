using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class CertificateRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CertificateFacts Good = new("eu-west", [], Now.AddDays(-1), Now.AddDays(1), ["10.0.0.1"], true, true);

    [Theory]
    [InlineData("eu-west", "", "eu-west")]
    [InlineData("eu-west", "clinic", "eu-west")]
    [InlineData("eu-west", "Node", null)]
    [InlineData("Ada Lovelace", "", null)]
    [InlineData("", "", null)]
    public void Certificate_names_a_region_by_a_common_name_that_is_one_and_not_as_a_box(string name, string unit, string? region) =>
        Assert.Equal(region, CertificateRules.RegionOf(Good with { CommonName = name, Units = unit.Length == 0 ? [] : [unit] }));

    [Fact]
    public void Certificate_counts_from_its_first_to_its_last_second_and_for_its_use()
    {
        Assert.Null(CertificateRules.WhyNot(Good, CertificateUse.Server | CertificateUse.Client, Now));
        Assert.Null(CertificateRules.WhyNot(Good, 0, Good.NotAfter));
        Assert.Contains("expired", CertificateRules.WhyNot(Good, 0, Good.NotAfter.AddSeconds(1)), StringComparison.Ordinal);
        Assert.Contains("not valid before", CertificateRules.WhyNot(Good, 0, Good.NotBefore.AddSeconds(-1)), StringComparison.Ordinal);
        Assert.Contains("serverAuth", CertificateRules.WhyNot(Good with { ForServers = false }, CertificateUse.Server, Now), StringComparison.Ordinal);
        Assert.Contains("clientAuth", CertificateRules.WhyNot(Good with { ForClients = false }, CertificateUse.Client, Now), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(365, 15, false)]
    [InlineData(365, 14, true)]
    [InlineData(10, 2.1, false)]
    [InlineData(10, 2, true)]
    [InlineData(10, -1, true)]
    public void Certificate_expires_soon_in_the_last_fifth_of_its_life_and_two_weeks_at_most(double lifeDays, double leftDays, bool soon) =>
        Assert.Equal(soon, CertificateRules.ExpiresSoon(Now.AddDays(leftDays - lifeDays), Now.AddDays(leftDays), Now));

    [Fact]
    public void Region_that_was_shut_out_comes_back_by_enrolling_and_never_with_an_older_certificate()
    {
        var (revoked, failure) = RegionRevocationRules.Revoke(FleetTrust.Empty, "eu-west", "serial-1", Now);
        var again = RegionRevocationRules.Revoke(revoked, "eu-west", "serial-1", Now.AddHours(1)).Trust;
        var back = RegionRevocationRules.Readmit(again, "eu-west", Now.AddHours(2));

        Assert.Null(failure);
        Assert.True(RegionRevocationRules.IsRevoked(revoked, "eu-west"));
        Assert.False(RegionRevocationRules.IsRevoked(revoked, "us-east"));
        Assert.Contains("serial-1", revoked.RevokedSerials);
        Assert.Equal(revoked.Revocations, again.Revocations);
        Assert.False(RegionRevocationRules.IsRevoked(back, "eu-west"));
        Assert.True(RegionRevocationRules.IsRevoked(back, "eu-west", Now.AddSeconds(-1)));
        Assert.False(RegionRevocationRules.IsRevoked(back, "eu-west", Now));
        Assert.Same(back, RegionRevocationRules.Readmit(back, "us-east", Now));
    }
}
