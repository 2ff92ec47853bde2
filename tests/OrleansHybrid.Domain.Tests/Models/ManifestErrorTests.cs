using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class ManifestErrorTests
{
    [Theory]
    [InlineData("a.b", 3, "model.yaml:3:7 a.b: expected x; came y. Do z.")]
    [InlineData("", 3, "model.yaml:3:7: expected x; came y. Do z.")]
    [InlineData("a", 0, "model.yaml a: expected x; came y. Do z.")]
    public void Error_renders_on_one_line(string path, int line, string expected) =>
        Assert.Equal(expected, new ManifestError(path, "x", "y", "Do z") { Line = line, Column = 7 }.Render("model.yaml"));

    [Fact]
    public void Quoted_text_is_short_and_on_one_line()
    {
        Assert.Equal("'a?b'", ManifestText.Quote("a\nb"));
        Assert.Equal(63, ManifestText.Quote(new string('x', 5000)).Length);
    }
}
