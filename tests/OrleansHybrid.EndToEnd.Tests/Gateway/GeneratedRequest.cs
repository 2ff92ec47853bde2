using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>A request made from a seed, in every form that the protocol has for it.</summary>
internal sealed class GeneratedRequest
{
    private readonly Random random;

    public GeneratedRequest(int seed)
    {
        random = new Random(seed);
        for (var i = random.Next(1, 5); i > 0; i--) Tensors.Add(MakeTensor($"t{i}"));
    }

    public List<SeenTensor> Tensors { get; } = [];

    private static bool HasJson(SeenTensor tensor) => tensor.DataType is not (TensorDataType.Fp16 or TensorDataType.Bf16);

    public bool AllHaveJson => Tensors.TrueForAll(HasJson);

    /// <summary>JSON first, then the binary data of the tensors that were chosen for it (all that have no JSON form among them).</summary>
    public (byte[] Body, int JsonBytes) Mixed(double share)
    {
        var (json, binary) = (new StringBuilder("{\"inputs\":["), new MemoryStream());
        foreach (var tensor in Tensors)
        {
            if (tensor != Tensors[0]) json.Append(',');
            var asBinary = !HasJson(tensor) || random.NextDouble() < share;
            if (asBinary) binary.Write(tensor.Data);
            json.Append(Json(tensor, asBinary));
        }

        json.Append("],\"parameters\":{\"binary_data_output\":true}}");
        var head = Encoding.UTF8.GetBytes(json.ToString());
        return ([.. head, .. binary.ToArray()], head.Length);
    }

    public ModelInferRequest Message(bool typed)
    {
        var message = new ModelInferRequest { ModelName = "echo" };
        foreach (var tensor in Tensors)
        {
            var input = new ModelInferRequest.Types.InferInputTensor { Name = tensor.Name, Datatype = tensor.DataType.WireName(), Shape = { tensor.Shape.ToArray() } };
            if (typed) input.Contents = Typed.Contents(input.Datatype, tensor.Data);
            else message.RawInputContents.Add(ByteString.CopyFrom(tensor.Data));
            message.Inputs.Add(input);
        }

        return message;
    }

    private string Json(SeenTensor tensor, bool binary)
    {
        var data = binary ? $"\"parameters\":{{\"binary_data_size\":{tensor.Data.Length}}}" : $"\"data\":{(random.Next(2) == 0 ? Flat(tensor) : Nested(tensor))}";
        string[] parts = [$"\"name\":\"{tensor.Name}\"", $"\"datatype\":\"{tensor.DataType.WireName()}\"", $"\"shape\":{tensor.Shape}", data];
        random.Shuffle(parts);
        return "{" + string.Join(random.Next(2) == 0 ? "," : " , ", parts) + "}";
    }

    private string Flat(SeenTensor tensor) => "[" + string.Join(random.Next(2) == 0 ? "," : ",\n ", Elements(tensor)) + "]";

    private static string Nested(SeenTensor tensor)
    {
        var elements = new Queue<string>(Elements(tensor));
        return tensor.Shape.Rank == 0 ? $"[{elements.Dequeue()}]" : Slice(tensor.Shape, 0, elements);
    }

    private static string Slice(TensorShape shape, int axis, Queue<string> elements)
    {
        if (axis == shape.Rank) return elements.Dequeue();
        return "[" + string.Join(",", Enumerable.Range(0, (int)shape[axis]).Select(_ => Slice(shape, axis + 1, elements)).ToArray()) + "]";
    }

    private static IEnumerable<string> Elements(SeenTensor tensor) => tensor.DataType switch
    {
        TensorDataType.Bool => tensor.Data.Select(b => b != 0 ? "true" : "false"),
        TensorDataType.Uint8 => Texts<byte>(tensor),
        TensorDataType.Uint16 => Texts<ushort>(tensor),
        TensorDataType.Uint32 => Texts<uint>(tensor),
        TensorDataType.Uint64 => Texts<ulong>(tensor),
        TensorDataType.Int8 => Texts<sbyte>(tensor),
        TensorDataType.Int16 => Texts<short>(tensor),
        TensorDataType.Int32 => Texts<int>(tensor),
        TensorDataType.Int64 => Texts<long>(tensor),
        TensorDataType.Fp32 => Texts<float>(tensor),
        TensorDataType.Fp64 => Texts<double>(tensor),
        _ => Typed.Elements(tensor.Data).Select(e => JsonSerializer.Serialize(Encoding.UTF8.GetString(e))),
    };

    private static IEnumerable<string> Texts<T>(SeenTensor tensor)
        where T : struct, IFormattable => Typed.Of<T>(tensor.Data).Select(v => v.ToString(null, CultureInfo.InvariantCulture));

    private SeenTensor MakeTensor(string name)
    {
        var type = (TensorDataType)random.Next(14);
        var shape = new TensorShape([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(random.Next(10) == 0 ? 0 : 1, 5))]);
        return new SeenTensor(name, type, shape, Content(type, (int)shape.ElementCount!.Value));
    }

    private byte[] Content(TensorDataType type, int count)
    {
        if (type == TensorDataType.Bytes) return [.. Enumerable.Range(0, count).SelectMany(_ => Element())];
        var data = new byte[count * type.ElementBytes()];
        random.NextBytes(data);
        if (type == TensorDataType.Bool) foreach (ref var b in data.AsSpan()) b &= 1;
        if (type == TensorDataType.Fp32) foreach (ref var f in MemoryMarshal.Cast<byte, float>(data.AsSpan())) f = float.IsFinite(f) ? f : 0.1f;
        if (type == TensorDataType.Fp64) foreach (ref var d in MemoryMarshal.Cast<byte, double>(data.AsSpan())) d = double.IsFinite(d) ? d : 0.1;
        return data;
    }

    private byte[] Element()
    {
        var text = Encoding.UTF8.GetBytes(new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => (char)random.Next(1, 0x700))]));
        var element = new byte[text.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(element, text.Length);
        text.CopyTo(element, 4);
        return element;
    }
}
