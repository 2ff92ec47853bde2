using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class SpellingTests
{
    private static readonly string[] Words = ["edge", "device", "cloud", "max_batch_size", "x"];

    [Theory]
    [InlineData("egde", "edge")]
    [InlineData("Edge", "edge")]
    [InlineData("devices", "device")]
    [InlineData("max_batchsize", "max_batch_size")]
    [InlineData("maxbatchsize", "max_batch_size")]
    [InlineData("q", null)]
    [InlineData("", null)]
    [InlineData("server", null)]
    public void Nearest_word_is_found_when_few_edits_away(string word, string? expected) => Assert.Equal(expected, Spelling.Nearest(word, Words));

    [Fact]
    public void Nearest_of_a_very_long_word_costs_nothing() => Assert.Null(Spelling.Nearest(new string('e', 1_000_000), Words));
}
