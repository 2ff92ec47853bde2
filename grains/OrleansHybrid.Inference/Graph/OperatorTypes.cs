using static OrleansHybrid.Inference.Graph.ElementTypes;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Element types of what operators give, as far as the rules need them. An operator that is not listed says nothing.</summary>
internal static class OperatorTypes
{
    /// <summary>Every output has the type of the first input. Those that only copy elements, or pick some, are in <see cref="Copies"/> too.</summary>
    private static readonly HashSet<string> LikeFirst =
    [
        "Abs", "Add", "And", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CenterCropPad", "Ceil", "Clip", "Col2Im", "Compress", "Concat", "CumProd", "CumSum", "DepthToSpace", "Div", "Einsum",
        "Expand", "Flatten", "Floor", "Gather", "GatherElements", "GatherND", "Gemm", "Identity", "ImageScaler", "MatMul", "Max", "Mean", "Min", "Mod", "Mul", "Neg", "Pad", "Pow", "PRelu", "Range",
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Resize", "ReverseSequence", "Round",
        "Scatter", "ScatterElements", "ScatterND", "Sign", "Slice", "SpaceToDepth", "Split", "Squeeze", "Sub", "Sum", "TensorScatter", "Tile", "Transpose", "Trilu", "Unsqueeze", "Upsample",
    ];

    /// <summary>Operators whose first output holds only elements of the first input, so a safe constant stays one.</summary>
    private static readonly HashSet<string> Copies =
        ["Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Identity", "Reshape", "Slice", "Squeeze", "Tile", "Transpose", "Unsqueeze"];

    /// <summary>Operators that take floating-point numbers only, and give them.</summary>
    private static readonly HashSet<string> FloatOnly =
    [
        "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "AffineGrid", "Attention", "AveragePool", "BlackmanWindow", "Celu", "Conv", "ConvTranspose", "Cos", "Cosh", "DeformConv", "DFT", "Elu", "Erf", "Exp", "Gelu",
        "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "GridSample", "GroupNormalization", "GRU", "HammingWindow", "HannWindow", "Hardmax", "HardSigmoid", "HardSwish", "InstanceNormalization", "LayerNormalization",
        "LeakyRelu", "Log", "LogSoftmax", "LpNormalization", "LpPool", "LRN", "LSTM", "MeanVarianceNormalization", "Mish", "Reciprocal", "RMSNormalization", "RNN", "RoiAlign", "RotaryEmbedding", "Selu", "Sigmoid", "Sin", "Sinh",
        "Softmax", "Softplus", "Softsign", "Sqrt", "STFT", "Swish", "Tan", "Tanh", "ThresholdedRelu",
    ];

    private static readonly HashSet<string> MicrosoftFloatOnly =
    [
        "Attention", "BiasGelu", "BiasSoftmax", "BiasSplitGelu", "EmbedLayerNormalization", "FastGelu", "FusedConv", "FusedGemm", "FusedMatMul", "Gelu", "GroupNorm", "GroupQueryAttention", "Inverse", "MatMulNBits", "MultiHeadAttention",
        "NhwcFusedConv", "QuickGelu", "RelativePositionBias", "RotaryEmbedding", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "SimplifiedLayerNormalization",
    ];

    private static readonly HashSet<string> Booleans = ["Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor", "And"];

    private static readonly HashSet<string> Int64s = ["ArgMax", "ArgMin", "NonMaxSuppression", "NonZero", "Shape", "Size"];

    /// <summary>The facts of output number <paramref name="output"/>.</summary>
    public static ValueFacts Of(GraphNode node, int output, ReadOnlySpan<ValueFacts> inputs) => node.Domain switch
    {
        Domains.Standard => Standard(node, output, inputs),
        Domains.Microsoft => MicrosoftFloatOnly.Contains(node.Operator) && output == 0 ? new ValueFacts(SomeFloat) : ValueFacts.Unknown,
        _ => ValueFacts.Unknown,
    };

    private static ValueFacts Standard(GraphNode node, int output, ReadOnlySpan<ValueFacts> inputs)
    {
        if (Booleans.Contains(node.Operator)) return new ValueFacts(Bool);
        if (Int64s.Contains(node.Operator)) return new ValueFacts(ElementTypes.Int64);
        if (FloatOnly.Contains(node.Operator)) return output == 0 && IsFloat(At(inputs, 0).ElementType) ? At(inputs, 0).WithoutConstant() : new ValueFacts(SomeFloat);
        if (LikeFirst.Contains(node.Operator)) return output == 0 && Copies.Contains(node.Operator) ? At(inputs, 0) : At(inputs, 0).WithoutConstant();
        return Special(node, output, inputs);
    }

    private static ValueFacts Special(GraphNode node, int output, ReadOnlySpan<ValueFacts> inputs) => node.Operator switch
    {
        "Constant" => ConstantOf(node),
        "ConstantOfShape" => Filled(node),
        "Cast" => Cast(node, At(inputs, 0)),
        "CastLike" or "Where" => At(inputs, 1).WithoutConstant(),
        "OneHot" => At(inputs, 2).WithoutConstant(),
        "TopK" or "MaxPool" => output == 0 ? At(inputs, 0).WithoutConstant() : new ValueFacts(ElementTypes.Int64),
        "Unique" => output == 0 ? At(inputs, 0) : new ValueFacts(ElementTypes.Int64),
        "Dropout" => output == 0 ? At(inputs, 0).WithoutConstant() : ValueFacts.Unknown,
        "BatchNormalization" => new ValueFacts(SomeFloat),
        "MatMulInteger" or "ConvInteger" => new ValueFacts(ElementTypes.Int32),
        "DequantizeLinear" => node.Find("output_dtype") is null && IsFloat(At(inputs, 1).ElementType) ? At(inputs, 1).WithoutConstant() : new ValueFacts(SomeFloat),
        "DynamicQuantizeLinear" => new ValueFacts(output == 1 ? Float : Uint8),
        "QuantizeLinear" => At(inputs, 2).WithoutConstant(),
        "RandomNormal" or "RandomUniform" or "RandomNormalLike" or "RandomUniformLike" or "MelWeightMatrix" => new ValueFacts(SomeFloat),
        "EyeLike" when node.Find("dtype") is { Reference: false } dtype => new ValueFacts(Type(dtype)),
        _ => ValueFacts.Unknown,
    };

    private static ValueFacts ConstantOf(GraphNode node) =>
        node.Attributes is [{ Reference: false, Graphs.Count: 0 } only] && (only.Name.StartsWith("value", StringComparison.Ordinal) || only.Name == "sparse_value") ? only.Value : ValueFacts.Unknown;

    private static ValueFacts Filled(GraphNode node) => node.Find("value") switch
    {
        null => new ValueFacts(Float),
        { Reference: false } value => value.Value,
        _ => ValueFacts.Unknown,
    };

    private static ValueFacts Cast(GraphNode node, ValueFacts input)
    {
        if (node.Find("to") is not { Reference: false } to) return ValueFacts.Unknown;
        return new ValueFacts(Type(to), input.Constant is { } constant && constant.Fits(Type(to)) ? constant : null);
    }

    private static int Type(GraphAttribute attribute) => attribute.Number is > 0 and < 64 ? (int)attribute.Number : Unknown;

    private static ValueFacts At(ReadOnlySpan<ValueFacts> inputs, int index) => index < inputs.Length ? inputs[index] : ValueFacts.Unknown;
}
