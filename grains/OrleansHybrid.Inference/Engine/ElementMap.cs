using Microsoft.ML.OnnxRuntime.Tensors;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>The protocol's element types in ONNX Runtime's words.</summary>
internal static class ElementMap
{
    private static readonly TensorElementType[] ToRuntime =
    [
        TensorElementType.Bool, TensorElementType.UInt8, TensorElementType.UInt16, TensorElementType.UInt32, TensorElementType.UInt64,
        TensorElementType.Int8, TensorElementType.Int16, TensorElementType.Int32, TensorElementType.Int64,
        TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Float, TensorElementType.Double, TensorElementType.String,
    ];

    public static TensorElementType Runtime(TensorDataType type) => ToRuntime[(int)type];

    public static TensorDataType? Protocol(TensorElementType type)
    {
        var index = Array.IndexOf(ToRuntime, type);
        return index < 0 ? null : (TensorDataType)index;
    }
}
