using System.Text;

namespace OrleansHybrid.Benchmarks.Memory;

/// <summary>Writes an ONNX model of about a wanted size: a chain of multiplications with square matrices of weights.</summary>
internal static class OnnxWriter
{
    private const int Float = 1;
    private const int Width = 512;
    private const int MatrixBytes = Width * Width * sizeof(float);

    /// <param name="bytes">Of the weights, rounded to whole matrices of one MiB.</param>
    public static byte[] Chain(long bytes, int seed)
    {
        var layers = (int)Math.Max(1, bytes / MatrixBytes);
        var random = new Random(seed);
        var graph = new Message();
        for (var layer = 0; layer < layers; layer++)
        {
            graph.Inner(1, new Message().Text(1, Name(layer)).Text(1, $"w{layer}").Text(2, Name(layer + 1, layers)).Text(3, $"n{layer}").Text(4, "MatMul"));
            graph.Inner(5, new Message().Number(1, Width).Number(1, Width).Number(2, Float).Text(8, $"w{layer}").Bytes(9, Weights(random)));
        }

        graph.Text(2, "chain").Inner(11, Value("x")).Inner(12, Value("y"));
        return new Message().Number(1, 8).Inner(7, graph).Inner(8, new Message().Text(1, "").Number(2, 17)).ToArray();
    }

    /// <summary>Values of one row of input.</summary>
    public static int Columns => Width;

    private static string Name(int layer, int last = -1) => layer == 0 ? "x" : layer == last ? "y" : $"h{layer}";

    private static Message Value(string name)
    {
        var shape = new Message().Inner(1, new Message().Text(2, "N")).Inner(1, new Message().Number(1, Width));
        return new Message().Text(1, name).Inner(2, new Message().Inner(1, new Message().Number(1, Float).Inner(2, shape)));
    }

    private static byte[] Weights(Random random)
    {
        var values = new float[Width * Width];
        for (var i = 0; i < values.Length; i++) values[i] = (random.NextSingle() - 0.5f) / 16;
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    /// <summary>One protobuf message.</summary>
    private sealed class Message
    {
        private readonly MemoryStream stream = new();

        public Message Number(int field, long value) => Tag(field, 0).Varint((ulong)value);

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Inner(int field, Message value) => Bytes(field, value.ToArray());

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Tag(field, 2).Varint((ulong)value.Length);
            stream.Write(value);
            return this;
        }

        public byte[] ToArray() => stream.ToArray();

        private Message Tag(int field, int wire) => Varint(((ulong)field << 3) | (uint)wire);

        private Message Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
            stream.WriteByte((byte)value);
            return this;
        }
    }
}
