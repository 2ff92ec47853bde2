using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Leases as ONNX Runtime sees them, and its outputs as leases.</summary>
internal static class TensorBinding
{
    /// <summary>A value over the lease's own memory, which is pinned and must stay held until the run ends. BYTES are copied, since ONNX Runtime keeps strings of its own.</summary>
    public static OrtValue Bind(TensorDataType type, TensorShape shape, TensorLease lease) => type == TensorDataType.Bytes
        ? StringTensors.ToRuntime(lease.Span, shape.ToArray())
        : OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, ElementMap.Runtime(type), shape.ToArray(), Address(lease), lease.Length);

    /// <summary>Copies an output into a lease.</summary>
    public static Tensor Copy(OrtValue value, TensorSpec spec, TensorPool pool)
    {
        var shape = Shape(value, spec);
        if (spec.DataType == TensorDataType.Bytes) return new Tensor(spec.Name, spec.DataType, shape, StringTensors.FromRuntime(value, shape.ElementCount ?? 0, pool));
        if (shape.ElementCount * spec.DataType.ElementBytes() > Array.MaxLength) throw new RunFailedException($"output '{spec.Name}' of shape {shape} is larger than 2 GiB");
        return new Tensor(spec.Name, spec.DataType, shape, shape.ElementCount == 0 ? pool.Rent(0) : pool.Copy(value.GetTensorMutableRawData()));
    }

    public static TensorShape Shape(OrtValue value, TensorSpec spec)
    {
        if (!value.IsTensor) throw new RunFailedException($"output '{spec.Name}' is not a tensor");
        var info = value.GetTensorTypeAndShape();
        if (ElementMap.Protocol(info.ElementDataType) != spec.DataType) throw new RunFailedException($"output '{spec.Name}' is not {spec.DataType.WireName()} as the graph states");
        return new TensorShape(info.Shape);
    }

    private static unsafe nint Address(TensorLease lease) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(lease.Span));
}
