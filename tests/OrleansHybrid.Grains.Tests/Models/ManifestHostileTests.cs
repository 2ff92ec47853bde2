using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Yaml;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>YAML that is meant to hurt: refused with one clear error, and small cost.</summary>
public class ManifestHostileTests
{
    [Fact]
    public void Alias_bomb_is_refused_at_its_first_alias()
    {
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var c = 'b'; c <= 'i'; c++) bomb.Append($"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n");
        Assert.Equal("model.yaml:2:8: expected a value; came an alias (*). Write the value out.", Refusal(bomb.ToString()));
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 100_000)]
    public void Deep_nesting_is_refused_by_its_depth(string open, int times) =>
        Assert.Contains($"expected at most {Limits.ManifestDepthMax} levels", Refusal(string.Concat(Enumerable.Repeat(open, times))));

    [Fact]
    public void Many_values_are_refused_by_their_number() =>
        Assert.Contains($"expected at most {Limits.ManifestNodesMax} values", Refusal("inputs: [" + string.Concat(Enumerable.Repeat("1,", 400_000)) + "]"));

    [Fact]
    public void Two_megabytes_are_refused_by_their_size() =>
        Assert.Equal($"model.yaml: expected at most {Limits.ManifestBytesMax} bytes; came {2 << 20} bytes. Keep data out of this file.", Refusal(new string('a', 2 << 20)));

    [Fact]
    public void Binary_is_refused_with_its_place()
    {
        Assert.Equal("model.yaml: expected UTF-8 text; came bytes that are no UTF-8. Save the file as UTF-8.", Refusal([0x08, 0x07, 0xFF, 0xFE, 0x80]));
        Assert.Equal("model.yaml:2:1: expected text; came the control character U+0008. Is this a binary file under a wrong name?", Refusal("a: b\n\bc: d"));
    }

    [Theory]
    [InlineData("", "model.yaml:1:1: expected keys and values; came an empty file. Write the keys that the schema lists.")]
    [InlineData("# nothing\n", "model.yaml:1:1: expected keys and values; came an empty file. Write the keys that the schema lists.")]
    [InlineData("a: 1\n---\nb: 2\n", "model.yaml:2:1: expected one document; came a second one. Remove the line '---' and what follows.")]
    [InlineData("model: !!binary aGk=\n", "model.yaml:1:8: expected a value without a tag; came a tag (!). Remove the tag.")]
    [InlineData("model: !evil.Type {}\n", "model.yaml:1:8: expected a value without a tag; came a tag (!). Remove the tag.")]
    [InlineData("[a, b]: c\n", "model.yaml:1:1: expected a word as key; came a list or map as key. Correct the syntax at this place.")]
    public void Strange_documents_are_refused(string yaml, string expected) => Assert.Equal(expected, Refusal(yaml));

    [Theory]
    [InlineData("model: [keyword\nversion: 3\n")]
    [InlineData("model: keyword\n version: 3\n")]
    [InlineData("model: 'keyword\n")]
    [InlineData("model:\tkeyword\n\t- x: y\n")]
    [InlineData("%YAML 9.9\n---\nmodel: x\n")]
    public void Broken_syntax_is_refused_with_its_place(string yaml) => Assert.Matches(@"^model\.yaml:\d+:\d+: expected YAML; came .*\. Correct the syntax (at|after) this place\.$", Refusal(yaml));

    [Fact]
    public void Many_errors_are_counted_and_the_first_are_listed()
    {
        var errors = new ErrorList();
        ManifestReader.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"key{i}: 1\n"))), errors);
        var lines = errors.Render("model.yaml");
        Assert.Equal(Limits.ManifestErrorsMax + 1, lines.Count);
        Assert.Equal($"model.yaml: and {506 - Limits.ManifestErrorsMax} more errors. Correct these first.", lines[^1]);
    }

    [Fact]
    public void Hostile_bytes_cost_little_memory()
    {
        var nested = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", Limits.ManifestBytesMax)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(nested);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
    }

    private static string Refusal(string yaml) => Refusal(Encoding.UTF8.GetBytes(yaml));

    private static string Refusal(byte[] yaml)
    {
        var errors = new ErrorList();
        Assert.Null(ManifestReader.Read(yaml, errors));
        return Assert.Single(errors.Render("model.yaml"));
    }
}
