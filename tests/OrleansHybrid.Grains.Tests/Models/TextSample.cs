using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Text;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A vocabulary of a few words, and a graph over its tokens that tells them apart.</summary>
internal static class TextSample
{
    public const string Input = "text";

    public static readonly string[] Tokens =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cafe", "the", "em", "##bed", "##ding", "##s", "strasse", ",", "[", "]", "sep", "東", "i", "a", "ᄀ", "##ᅡ", "##ᆨ", "Cafe", "$", "_", "+", "="];

    public static readonly TensorSpec[] Inputs = [new TensorSpec(Input, TensorDataType.Bytes, new TensorShape(-1))];

    public static byte[] Vocabulary { get; } = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Tokens) + "\n");

    public static WordPieceTokenizer Tokenizer(bool lowerCase = true, int maxTokens = 16) => WordPieceTokenizer.Create(Vocabulary, lowerCase, maxTokens);

    public static string[] Encode(string text, bool lowerCase = true, int maxTokens = 16) => [.. Tokenizer(lowerCase, maxTokens).Encode(text).Select(id => Tokens[id])];

    public static VariantToLoad Variant(byte[] onnx, BatchingSettings? batching = null, int instances = 0, int maxTokens = 16) =>
        EngineHarness.Variant(onnx, batching, instances, inputs: Inputs) with { WordPiece = new WordPieceToLoad(new WordPieceSettings("vocab.txt", true, maxTokens), Vocabulary) };

    /// <summary>y [N, 3]: a row's ids summed over its mask, its tokens by the mask, and the tokens that S has: the last two differ where a row is padded. Looks each token's position up, as encoders do.</summary>
    public static byte[] Sums(int positions = 64) => GraphModel.New()
        .Input("input_ids", GraphModel.Int64, "N", "S").Input("attention_mask", GraphModel.Int64, "N", "S").Input("token_type_ids", GraphModel.Int64, "N", "S")
        .Initializer("axis", GraphModel.Int64, [1], 1L).Initializer("one", GraphModel.Int64, [], 1L).Initializer("nothings", GraphModel.Int64, [positions], new long[positions])
        .Node("Mul", "input_ids attention_mask", "held").Node("ReduceSum", "held axis", "sum", ("keepdims", 1)).Node("ReduceSum", "attention_mask axis", "tokens", ("keepdims", 1))
        .Node("Mul", "token_type_ids attention_mask", "types").Node("Equal", "input_ids input_ids", "all").Node("Cast", "all", "each", ("to", GraphModel.Int64)).Node("Add", "each types", "ones")
        .Node("ReduceSum", "ones axis", "width", ("keepdims", 1)).Node("CumSum", "ones one", "counts").Node("Sub", "counts one", "places").Node("Gather", "nothings places", "nothing")
        .Node("ReduceSum", "nothing axis", "none", ("keepdims", 1)).Node("Add", "sum none", "summed")
        .Node("Concat", "summed tokens width", "row", ("axis", 1)).Node("Cast", "row", "y", ("to", GraphModel.Float))
        .Output("y", GraphModel.Float, "N", 3).Build();
}
