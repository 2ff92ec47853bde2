using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>Numbers in the caller's memory.</summary>
internal sealed class ElementsInput<T>(ReadOnlyMemory<T> elements, long[] shape) : ModelInput where T : unmanaged
{
    internal override InputBinding Bind(ModelManifest manifest, TensorPool pool)
    {
        if (Spec(manifest, out var refusal) is not { } spec) return refusal;
        if (!ElementTypes.Match<T>(spec.DataType)) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' is {spec.DataType.WireName()}; {typeof(T).Name} came. {Advice(spec.DataType)}");
        if (InputShapes.Resolve(manifest, spec, elements.Length, shape, out refusal) is not { } resolved) return refusal;
        return InputBinding.Of(new Tensor(spec.Name, spec.DataType, resolved, pool.Copy(MemoryMarshal.AsBytes(elements.Span))));
    }

    private static string Advice(TensorDataType type) => type == TensorDataType.Bytes ? "Give it with ModelInput.Text(…)." : ElementTypes.Advice(type);
}

/// <summary>Bytes in the protocol's binary form.</summary>
internal sealed class RawInput(TensorDataType type, ReadOnlyMemory<byte> content, long[] shape) : ModelInput
{
    internal override InputBinding Bind(ModelManifest manifest, TensorPool pool)
    {
        if (Spec(manifest, out var refusal) is not { } spec) return refusal;
        if (type != spec.DataType) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' is {spec.DataType.WireName()}; {type.WireName()} came.");
        var size = type.ElementBytes();
        if (size == 0) return shape.Length == 0 ? InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' is BYTES: give raw content with its shape.") : Make(spec, new TensorShape(shape), pool);
        if (content.Length % size != 0) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' takes elements of {size} bytes; {content.Length} bytes came.");
        return InputShapes.Resolve(manifest, spec, content.Length / size, shape, out refusal) is { } resolved ? Make(spec, resolved, pool) : refusal;
    }

    private InputBinding Make(TensorSpec spec, TensorShape resolved, TensorPool pool) => InputBinding.Of(new Tensor(spec.Name, spec.DataType, resolved, pool.Copy(content.Span)));
}
