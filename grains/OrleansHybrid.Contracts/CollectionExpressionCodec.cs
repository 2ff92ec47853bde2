using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace OrleansHybrid.Contracts;

/// <summary>Writes what the compiler makes of <c>IReadOnlyList&lt;T&gt; list = [a, b]</c>, a nameless type of the caller's own assembly, as the array that it is to every reader.</summary>
public sealed class CollectionExpressionCodec(ICodecProvider codecs) : IGeneralizedCodec, IGeneralizedCopier
{
    private static readonly ConcurrentDictionary<Type, Type?> ElementTypes = new();

    public bool IsSupportedType(Type type) => ElementTypeOf(type) is not null;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        var source = (ICollection)value!;
        var array = Array.CreateInstance(ElementTypeOf(source.GetType())!, source.Count);
        source.CopyTo(array, 0);
        codecs.GetCodec(array.GetType()).WriteField(ref writer, fieldIdDelta, expectedType, array);
    }

    /// <summary>Never called for what this codec wrote: that names itself an array.</summary>
    public object ReadValue<TInput>(ref Reader<TInput> reader, Field field) =>
        codecs.GetCodec(ElementTypeOf(field.FieldType!)!.MakeArrayType()).ReadValue(ref reader, field)!;

    /// <summary>These lists cannot change.</summary>
    [return: NotNullIfNotNull(nameof(input))]
    public object? DeepCopy(object? input, CopyContext context) => input;

    private static Type? ElementTypeOf(Type type) => ElementTypes.GetOrAdd(type, static t =>
        t.IsGenericType && t.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal) && t.IsDefined(typeof(CompilerGeneratedAttribute), false)
            ? t.GetGenericArguments()[0]
            : null);
}
