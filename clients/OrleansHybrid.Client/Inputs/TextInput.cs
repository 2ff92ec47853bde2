using System.Buffers.Binary;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>Texts as UTF-8 elements of a BYTES input.</summary>
internal sealed class TextInput(IReadOnlyList<string> texts) : ModelInput
{
    internal override InputBinding Bind(ModelManifest manifest, TensorPool pool)
    {
        if (Spec(manifest, out var refusal) is not { } spec) return refusal;
        if (spec.DataType != TensorDataType.Bytes) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' is {spec.DataType.WireName()}, not text (BYTES). {ElementTypes.Advice(spec.DataType)}");
        if (texts.Any(t => t is null)) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}': a text is null. Give an empty one, or leave it out.");
        if (InputShapes.Resolve(manifest, spec, texts.Count, [], out refusal) is not { } shape) return refusal;
        var bytes = texts.Sum(static t => sizeof(int) + (long)Encoding.UTF8.GetByteCount(t));
        if (bytes > Limits.RequestBytesMax) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}': {bytes} bytes of text came; {Limits.RequestBytesMax} are the most. Send fewer at once.");
        var lease = pool.Rent((int)bytes);
        Write(lease.Span);
        return InputBinding.Of(new Tensor(spec.Name, spec.DataType, shape, lease));
    }

    private void Write(Span<byte> rest)
    {
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }
    }
}
