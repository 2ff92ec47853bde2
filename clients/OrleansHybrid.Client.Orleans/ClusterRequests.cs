using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client.Orleans;

/// <summary>Requests with what a service needs to say, and no more.</summary>
public static class ClusterRequests
{
    /// <summary>A request of an anonymous caller that entered the farm here.</summary>
    /// <param name="timeout">How long the caller waits, and the run with it; null: <see cref="Domain.Limits.DeadlineMax"/>.</param>
    public static InferenceRequest Of(string model, IReadOnlyList<Tensor> inputs, RouteParameters? parameters = null, TimeSpan? timeout = null, int? version = null) =>
        new(Guid.NewGuid().ToString("N"), model, version, inputs, [], parameters ?? RouteParameters.None, Caller.Anonymous, timeout);

    public static InferenceRequest Of(string model, Tensor input, RouteParameters? parameters = null, TimeSpan? timeout = null, int? version = null) =>
        Of(model, [input], parameters, timeout, version);
}

/// <summary>Tensors over memory that belongs to no pool, so that nobody need release them.</summary>
public static class ClusterTensors
{
    private static readonly Type[] Types =
        [typeof(bool), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong), typeof(sbyte), typeof(short), typeof(int), typeof(long), typeof(Half), typeof(void), typeof(float), typeof(double)];

    /// <summary>A copy of the elements, row by row.</summary>
    /// <exception cref="ArgumentException">The type is none that a tensor holds, or the shape takes another number of elements.</exception>
    public static Tensor Of<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var type = Array.IndexOf(Types, typeof(T));
        if (type < 0) throw new ArgumentException($"Tensors hold {string.Join(", ", Types.Where(t => t != typeof(void)).Select(t => t.Name))}; {typeof(T).Name} came.");
        var made = new TensorShape(shape.ToArray());
        if (made.ElementCount != elements.Length) throw new ArgumentException($"The shape {made} takes {made.ElementCount} elements; {elements.Length} came.", nameof(shape));
        var lease = TensorLease.Unpooled(elements.Length * Unsafe.SizeOf<T>());
        MemoryMarshal.AsBytes(elements).CopyTo(lease.Span);
        return new Tensor(name, (TensorDataType)type, made, lease);
    }

    /// <summary>The elements of an output.</summary>
    /// <exception cref="ArgumentException">The output holds another type.</exception>
    public static ReadOnlySpan<T> Elements<T>(Tensor tensor) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (Array.IndexOf(Types, typeof(T)) != (int)tensor.DataType) throw new ArgumentException($"'{tensor.Name}' holds {tensor.DataType.WireName()}; {typeof(T).Name} was asked for.");
        return MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
    }
}
