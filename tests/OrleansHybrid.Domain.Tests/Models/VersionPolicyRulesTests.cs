using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class VersionPolicyRulesTests
{
    private static readonly int[] Available = [3, 1, 10, 2];

    [Theory]
    [InlineData(1, new[] { 10 })]
    [InlineData(2, new[] { 3, 10 })]
    [InlineData(99, new[] { 1, 2, 3, 10 })]
    public void Latest_takes_the_highest_numbers(int count, int[] expected) =>
        Assert.Equal(expected, VersionPolicyRules.Select(new VersionPolicy(VersionPolicyKind.Latest, count, []), Available));

    [Fact]
    public void Specific_takes_what_is_there_and_names_what_is_missing()
    {
        var policy = new VersionPolicy(VersionPolicyKind.Specific, 0, [7, 2, 1, 5]);
        Assert.Equal([1, 2], VersionPolicyRules.Select(policy, Available));
        Assert.Equal([5, 7], VersionPolicyRules.Missing(policy, Available));
    }

    [Fact]
    public void All_takes_every_version_and_misses_none()
    {
        var policy = new VersionPolicy(VersionPolicyKind.All, 0, []);
        Assert.Equal([1, 2, 3, 10], VersionPolicyRules.Select(policy, Available));
        Assert.Empty(VersionPolicyRules.Missing(policy, []));
    }

    [Fact]
    public void Override_by_name_beats_the_policy_for_versions_that_are_there() =>
        Assert.Equal([1, 3], VersionPolicyRules.Override([3, 10], new Dictionary<int, bool> { [1] = true, [10] = false, [77] = true }, Available));
}
