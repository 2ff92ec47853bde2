using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>Makes typed gRPC contents of binary tensor data.</summary>
internal static class Typed
{
    public static InferTensorContents Contents(string type, byte[] data) => type switch
    {
        "BOOL" => new InferTensorContents { BoolContents = { data.Select(b => b != 0) } },
        "INT8" => new InferTensorContents { IntContents = { data.Select(b => (int)(sbyte)b) } },
        "INT16" => new InferTensorContents { IntContents = { Of<short>(data).Select(v => (int)v) } },
        "INT32" => new InferTensorContents { IntContents = { Of<int>(data) } },
        "INT64" => new InferTensorContents { Int64Contents = { Of<long>(data) } },
        "UINT8" => new InferTensorContents { UintContents = { data.Select(b => (uint)b) } },
        "UINT16" => new InferTensorContents { UintContents = { Of<ushort>(data).Select(v => (uint)v) } },
        "UINT32" => new InferTensorContents { UintContents = { Of<uint>(data) } },
        "UINT64" => new InferTensorContents { Uint64Contents = { Of<ulong>(data) } },
        "FP32" => new InferTensorContents { Fp32Contents = { Of<float>(data) } },
        "FP64" => new InferTensorContents { Fp64Contents = { Of<double>(data) } },
        _ => new InferTensorContents { BytesContents = { Elements(data).Select(ByteString.CopyFrom) } },
    };

    public static T[] Of<T>(byte[] data)
        where T : struct => MemoryMarshal.Cast<byte, T>(data).ToArray();

    public static IEnumerable<byte[]> Elements(byte[] data)
    {
        for (var at = 0; at < data.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at));
            yield return data[(at + 4)..(at + 4 + length)];
            at += 4 + length;
        }
    }
}
