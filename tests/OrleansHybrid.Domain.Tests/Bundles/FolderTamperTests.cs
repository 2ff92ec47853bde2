using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Ways to tamper with a signed folder, at the level of names and digests.</summary>
public sealed class FolderTamperTests
{
    private static readonly string Other = BundleDigests.Of("other"u8);

    private static readonly Dictionary<string, (BundleRefusal Refusal, string Place, Action<Dictionary<string, string>> Change)> Tampers = new()
    {
        ["a file altered"] = (BundleRefusal.AlteredFile, "'tiny.onnx'", f => f["tiny.onnx"] = Other),
        ["a file in a folder altered"] = (BundleRefusal.AlteredFile, "'probes/one.json'", f => f["probes/one.json"] = Other),
        ["two files exchanged"] = (BundleRefusal.AlteredFile, "'labels.txt'", f => (f["labels.txt"], f["tiny.onnx"]) = (f["tiny.onnx"], f["labels.txt"])),
        ["a file more"] = (BundleRefusal.ExtraFile, "'extra.onnx'", f => f["extra.onnx"] = Other),
        ["a file more in a folder"] = (BundleRefusal.ExtraFile, "'probes/two.json'", f => f["probes/two.json"] = Other),
        ["a copy of a signed file"] = (BundleRefusal.ExtraFile, "'copy.onnx'", f => f["copy.onnx"] = f["tiny.onnx"]),
        ["a file less"] = (BundleRefusal.MissingFile, "'model.yaml'", f => f.Remove("model.yaml")),
        ["every file less"] = (BundleRefusal.MissingFile, "'labels.txt'", f => f.Clear()),
        ["a file renamed"] = (BundleRefusal.ExtraFile, "'Tiny.onnx'", f => { f["Tiny.onnx"] = f["tiny.onnx"]; f.Remove("tiny.onnx"); }),
        ["a file moved into a folder"] = (BundleRefusal.ExtraFile, "'probes/tiny.onnx'", f => { f["probes/tiny.onnx"] = f["tiny.onnx"]; f.Remove("tiny.onnx"); }),
        ["a name that an ignored one begins"] = (BundleRefusal.ExtraFile, "'notes2'", f => f["notes2"] = Other),
        ["an ignored name in another folder"] = (BundleRefusal.ExtraFile, "'probes/notes'", f => f["probes/notes"] = Other),
        ["an ignored name in capitals"] = (BundleRefusal.ExtraFile, "'Notes'", f => f["Notes"] = Other),
        ["a name that looks like git's"] = (BundleRefusal.ExtraFile, "'.gitx'", f => f[".gitx"] = Other),
        ["a name with an escape sequence"] = (BundleRefusal.ExtraFile, "'?[31mred'", f => f["\u001b[31mred"] = Other),
    };

    private static readonly Dictionary<string, (BundleRefusal Refusal, string Place)> Names = new()
    {
        [""] = (BundleRefusal.UnsafeName, "empty"),
        ["/etc/passwd"] = (BundleRefusal.UnsafeName, "empty part"),
        ["a//b"] = (BundleRefusal.UnsafeName, "empty part"),
        ["a/"] = (BundleRefusal.UnsafeName, "empty part"),
        ["../a"] = (BundleRefusal.UnsafeName, "'..'"),
        ["a/../../b"] = (BundleRefusal.UnsafeName, "'..'"),
        ["./a"] = (BundleRefusal.UnsafeName, "'.'"),
        ["a\\b"] = (BundleRefusal.UnsafeName, "backslash"),
        ["C:a"] = (BundleRefusal.UnsafeName, "do not allow"),
        ["a*"] = (BundleRefusal.UnsafeName, "do not allow"),
        ["a\n"] = (BundleRefusal.UnsafeName, "control"),
        ["a\0b"] = (BundleRefusal.UnsafeName, "control"),
        ["caf\u00e9"] = (BundleRefusal.UnsafeName, "ASCII"),
        ["cafe\u0301"] = (BundleRefusal.UnsafeName, "ASCII"),
        ["a\u202egpj.exe"] = (BundleRefusal.UnsafeName, "ASCII"),
        ["a."] = (BundleRefusal.UnsafeName, "ends with"),
        ["a "] = (BundleRefusal.UnsafeName, "ends with"),
        ["nul"] = (BundleRefusal.UnsafeName, "device"),
        ["AUX.onnx"] = (BundleRefusal.UnsafeName, "device"),
        ["con .txt"] = (BundleRefusal.UnsafeName, "device"),
        ["model.sig"] = (BundleRefusal.UnsafeName, "no signature covers"),
        ["MODEL.SIG"] = (BundleRefusal.UnsafeName, "no signature covers"),
        [".git/config"] = (BundleRefusal.UnsafeName, "no signature covers"),
        ["a/b/c/d/e/f"] = (BundleRefusal.UnsafeName, "deeper"),
        [new string('a', 256)] = (BundleRefusal.UnsafeName, "255"),
        ["Model.yaml"] = (BundleRefusal.NamesCollide, "'model.yaml'"),
        ["model.yaml"] = (BundleRefusal.NamesCollide, "twice"),
        ["model.yaml/a"] = (BundleRefusal.NamesCollide, "'model.yaml'"),
        ["PROBES/two.json"] = (BundleRefusal.NamesCollide, "'probes'"),
    };

    public static TheoryData<string> TamperNames => [.. Tampers.Keys];

    public static TheoryData<string> UnsafeNames => [.. Names.Keys];

    [Theory]
    [MemberData(nameof(TamperNames))]
    public void Folder_with_this_is_refused_for_its_reason(string tamper)
    {
        var (refusal, place, change) = Tampers[tamper];
        var found = Forger.Digests();
        change(found);

        var problem = BundleFolderRules.CheckWhole(Statement(), found);

        Assert.Equal(refusal, problem!.Refusal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(UnsafeNames))]
    public void Name_that_some_system_reads_otherwise_is_refused(string name)
    {
        var (refusal, place) = Names[name];

        var problem = BundleNames.Check(["model.yaml", "probes/one.json", name]);

        Assert.Equal(refusal, problem!.Refusal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(problem.Message, char.IsControl);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a-b/c_d.e+f")]
    [InlineData(".hidden")]
    [InlineData(".gitx")]
    [InlineData("a/.git")]
    [InlineData("a/model.sig")]
    [InlineData("console.txt")]
    [InlineData("a/b/c/d/e")]
    public void Name_that_every_system_reads_alike_is_taken(string name) => Assert.Null(BundleNames.Check([name]));

    [Fact]
    public void Folder_as_signed_is_taken_with_what_the_signer_left_out()
    {
        var found = Forger.Digests();
        found["notes"] = Other;
        found["notes/draft.txt"] = Other;

        Assert.Null(BundleFolderRules.CheckWhole(Statement(), found));
    }

    [Fact]
    public void Part_of_a_folder_needs_only_what_is_asked_for_and_takes_nothing_else()
    {
        var found = Forger.Digests();
        found.Remove("tiny.onnx");

        Assert.Null(BundleFolderRules.CheckPart(Statement(), found, ["model.yaml", "labels.txt"]));
        Assert.Equal(BundleRefusal.MissingFile, BundleFolderRules.CheckPart(Statement(), found, ["tiny.onnx"])!.Refusal);
        found["extra"] = Other;
        Assert.Equal(BundleRefusal.ExtraFile, BundleFolderRules.CheckPart(Statement(), found, ["model.yaml"])!.Refusal);
    }

    private static BundleStatement Statement()
    {
        using var forger = new Forger();
        return BundleSignature.Verify(forger.Sign(), [forger.Public]).Statement!;
    }
}
