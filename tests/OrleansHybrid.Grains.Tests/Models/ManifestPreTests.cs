using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A manifest with the step wordpiece: what is refused, and what the engine gets.</summary>
public sealed class ManifestPreTests
{
    private const string Good = """
        model: embed
        version: 1
        licence: Apache-2.0
        inputs:  [{ name: text, datatype: BYTES, shape: [-1] }]
        outputs: [{ name: y, datatype: FP32, shape: [-1, 3] }]
        pre: { wordpiece: { vocab: vocab.txt, lower_case: true, max_tokens: 16 } }
        batching: { max_batch_size: 8 }
        variants: [{ name: only, file: only.onnx, zones: [edge] }]

        """;

    public static TheoryData<string, string, bool, string> Bad => new()
    {
        { "{ wordpiece: { vocab: vocab.txt, lower_case: true, max_tokens: 16 } }", "{}", true, "6:6 pre.wordpiece: expected the key; came none. Add 'wordpiece'." },
        { "{ wordpiece: { vocab: vocab.txt, lower_case: true, max_tokens: 16 } }", "wordpiece", true, "6:6 pre: expected a map with the keys wordpiece; came 'wordpiece'. Write 'key: value' pairs." },
        { "wordpiece:", "wordpieces:", true, "6:6 pre.wordpiece: expected the key; came none. Add 'wordpiece'.\n6:8 pre.wordpieces: expected wordpiece; came the unknown key 'wordpieces'. Did you mean 'wordpiece'?" },
        { "vocab: vocab.txt, ", "", true, "6:19 pre.wordpiece.vocab: expected the key; came none. Add 'vocab'." },
        { "lower_case: true, ", "", true, "6:19 pre.wordpiece.lower_case: expected the key; came none. Add 'lower_case'." },
        { ", max_tokens: 16", "", true, "6:19 pre.wordpiece.max_tokens: expected the key; came none. Add 'max_tokens'." },
        { "lower_case: true", "lower_case: yes", true, "6:51 pre.wordpiece.lower_case: expected true or false; came 'yes'. Write one of them without quotes." },
        { "max_tokens: 16", "max_tokens: 2", true, "6:69 pre.wordpiece.max_tokens: expected a whole number from 3 to 8192; came the number 2. Choose one in this range." },
        { "max_tokens: 16", "max_tokens: 9000", true, "6:69 pre.wordpiece.max_tokens: expected a whole number from 3 to 8192; came the number 9000. Choose one in this range." },
        { "max_tokens: 16", "max_tokens: 16, cased: true", true, "6:73 pre.wordpiece.cased: expected one of vocab, lower_case, max_tokens; came the unknown key 'cased'. Remove it." },
        { "vocab: vocab.txt", "vocab: ../vocab.txt", true, "6:28 pre.wordpiece.vocab: expected a plain file name of the version's folder: letters, digits, '.', '_' and '-', no folders, at most 256 characters; came '../vocab.txt'. Put the file into the version's folder and name it alone." },
        { "vocab: vocab.txt", "vocab: vocabs.txt", false, "6:28 pre.wordpiece.vocab: expected a file of the version's folder (vocab.txt); came 'vocabs.txt', which is not there. Did you mean 'vocab.txt'?" },
        { "vocab: vocab.txt", "vocab: model.yaml", false, "6:28 pre.wordpiece.vocab: expected a UTF-8 text file with one token a line; came 'model.yaml': it is named as another kind of file too. Use the vocabulary that the model was trained with." },
        { "datatype: BYTES", "datatype: INT64", false, "4:35 inputs[0].datatype: expected BYTES, since 'pre' takes texts; came INT64. Write BYTES: the graph's own inputs are made by the step." },
        { "BYTES, shape: [-1]", "BYTES, shape: [-1, 1]", false, "4:49 inputs[0].shape: expected [-1], one text a row, since 'pre' takes texts; came [-1,1]. Write [-1]; callers may send [N,1] too." },
        { "shape: [-1] }]\nout", "shape: [-1] }, { name: b, datatype: BYTES, shape: [-1] }]\nout", false, "4:10 inputs: expected with 'pre' one input, the texts; came 2. Keep one: the graph's own inputs are made by the step." },
    };

    public static TheoryData<byte[], string> BadVocabularies => new()
    {
        { "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"u8.ToArray(), "it has no token [MASK]" },
        { "[PAD]\n[UNK]\n\n[CLS]\n[SEP]\n[MASK]\n"u8.ToArray(), "line 3 is empty" },
        { "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n[CLS]\n"u8.ToArray(), "line 7 repeats the token of line 3" },
        { "[PAD]\na\u0007b\n"u8.ToArray(), "line 2 holds a control character" },
        { [.. "[PAD]\n"u8, 0xFF], "it is no UTF-8 text" },
        { [], "line 1 is empty" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Step_that_is_wrong_lists_exactly_its_errors(string find, string replace, bool inSchema, string errors)
    {
        var yaml = Good.Replace(find, replace, StringComparison.Ordinal);
        Assert.NotEqual(Good, yaml);
        Assert.Equal(errors.Split('\n').Select(e => "model.yaml:" + e), await Errors(yaml, TextSample.Vocabulary));
        Assert.Equal(!inSchema, await ManifestSchema.AcceptsAsync(yaml));
    }

    [Theory]
    [MemberData(nameof(BadVocabularies))]
    public async Task Vocabulary_that_is_wrong_is_an_error(byte[] vocabulary, string error)
    {
        Assert.Equal(
            [$"model.yaml:6:28 pre.wordpiece.vocab: expected a UTF-8 text file with one token a line; came 'vocab.txt': {error}. Use the vocabulary that the model was trained with."],
            await Errors(Good, vocabulary));
    }

    [Fact]
    public async Task Vocabulary_over_its_bound_is_not_read()
    {
        var error = Assert.Single(await Errors(Good, new byte[Limits.VocabularyFileBytesMax + 1]));
        Assert.Contains($"expected at most {Limits.VocabularyFileBytesMax} bytes; came {Limits.VocabularyFileBytesMax + 1}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_that_is_right_reaches_manifest_and_engine()
    {
        using var folder = Write(Good, TextSample.Vocabulary);
        var read = await ReadAsync(folder);

        Assert.Empty(read.Errors);
        Assert.True(await ManifestSchema.AcceptsAsync(Good));
        Assert.Equal(new WordPieceSettings("vocab.txt", true, 16), read.Manifest!.Pre!.WordPiece);
        Assert.Equal(TextSample.Vocabulary, read.Variant!.WordPiece!.Vocabulary.ToArray());
    }

    [Fact]
    public async Task Change_of_the_vocabulary_alone_is_another_version_digest()
    {
        using var folder = Write(Good, TextSample.Vocabulary);
        using var other = Write(Good, [.. TextSample.Vocabulary, .. "more\n"u8]);
        Assert.NotEqual((await ReadAsync(folder)).Manifest!.Digest, (await ReadAsync(other)).Manifest!.Digest);
    }

    [Fact]
    public async Task Repository_serves_texts_through_the_engine()
    {
        using var folder = Write(Good, TextSample.Vocabulary);
        await using var harness = new EngineHarness();
        var repository = new ModelRepository(new RepositorySettings([folder.Root], Zone.Edge, folder.Data), harness.Engine, OnnxScan.Scan);

        var summary = await repository.LoadAllAsync(CancellationToken.None);
        var loaded = Assert.Single(summary.Loaded);
        var texts = harness.Strings("text", [2, 1], "the cafe"u8.ToArray(), "embeddings"u8.ToArray());
        var outcome = await harness.Engine.RunAsync(new EngineRequest(loaded.Key, [texts], [], EngineHarness.Bound), CancellationToken.None);
        texts.Data.Release();

        Assert.Equal((TensorDataType.Bytes, "[-1]"), (loaded.Inputs[0].DataType, loaded.Inputs[0].Shape.ToString()));
        EngineHarness.Holds(outcome, 2 + 6 + 5 + 3, 4, 4, 2 + 7 + 8 + 9 + 10 + 3, 6, 6);
    }

    public static TheoryData<byte[], string> BadGraphs => new()
    {
        { Graph("input_ids attention_mask words"), "The graph's input 'words' is not made by the step wordpiece, which makes input_ids, attention_mask, token_type_ids. Use a graph over these, or no 'pre'." },
        { Graph("input_ids token_type_ids"), "The graph has no input 'attention_mask', which the step wordpiece makes. Use a graph over it, or no 'pre'." },
        { Graph("input_ids attention_mask", type: GraphModel.Int32), "The graph's input 'input_ids' must be INT64 [-1,-1] for the step wordpiece; it is INT32 [-1,-1]. Free both dimensions: rows and tokens." },
        { Graph("input_ids attention_mask", tokens: 16), "The graph's input 'input_ids' must be INT64 [-1,-1] for the step wordpiece; it is INT64 [-1,16]. Free both dimensions: rows and tokens." },
        { Graph("input_ids attention_mask", keepTokens: true), "Output 'y' has shape [1,3] for 3 tokens and [1,16] for 16: it must not depend on a text's length. Pool it in the graph." },
        { TextSample.Sums(positions: 8), "A text of 16 tokens: The model failed on this input at its Gather node: " },
    };

    [Theory]
    [MemberData(nameof(BadGraphs))]
    public async Task Graph_that_does_not_take_the_steps_tokens_is_refused_at_load(byte[] onnx, string error)
    {
        await using var harness = new EngineHarness();
        var outcome = await harness.Engine.LoadAsync(TextSample.Variant(onnx), CancellationToken.None);
        Assert.Contains(error, outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Engine.State.Variants);
    }

    [Fact]
    public async Task Graph_without_token_types_is_served()
    {
        await using var harness = new EngineHarness();
        Assert.Null((await harness.Engine.LoadAsync(TextSample.Variant(Graph("input_ids attention_mask")), CancellationToken.None)).Failure);
        EngineHarness.Holds(await harness.Run([harness.Strings("text", [1], "the"u8.ToArray())]), 2 + 6 + 3 + 3);
    }

    /// <summary>y: the sum of all inputs over a row, or each token's alone.</summary>
    private static byte[] Graph(string inputs, int type = GraphModel.Int64, object? tokens = null, bool keepTokens = false)
    {
        var names = inputs.Split(' ');
        var graph = GraphModel.New().Initializer("axis", GraphModel.Int64, [1], 1L);
        foreach (var input in names) graph.Input(input, type, "N", tokens ?? "S").Node("Cast", input, input + "_f", ("to", GraphModel.Float));
        graph.Node("Sum", string.Join(' ', names.Select(n => n + "_f")), keepTokens ? "y" : "each");
        return keepTokens
            ? graph.Output("y", GraphModel.Float, "N", "S").Build()
            : graph.Node("ReduceSum", "each axis", "y", ("keepdims", 0)).Output("y", GraphModel.Float, "N").Build();
    }

    private static RepositoryFolder Write(string manifest, byte[] vocabulary)
    {
        var folder = new RepositoryFolder();
        folder.Write("embed/1/vocab.txt", vocabulary);
        folder.Write("embed/1/only.onnx", TextSample.Sums());
        folder.Write("embed/1/model.yaml", manifest);
        return folder;
    }

    private static async Task<IReadOnlyList<string>> Errors(string manifest, byte[] vocabulary)
    {
        using var folder = Write(manifest, vocabulary);
        return (await ReadAsync(folder)).Errors;
    }

    private static Task<VersionRead> ReadAsync(RepositoryFolder folder) =>
        new VersionReader(VariantChoices.FirstOf(Zone.Edge), OnnxScan.Scan, new SealedFolders(folder.Data), new VersionTrust(new RepositorySettings([folder.Root], Zone.Edge, folder.Data)))
            .ReadAsync(new ModelVersionKey("embed", 1), new VersionFolderEntry(1, folder.PathOf("embed/1"), IsLink: false), CancellationToken.None);
}
