using Google.Protobuf;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>Small requests that tests start from.</summary>
internal static class Requests
{
    public const string Small = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2.5,-3]}]}""";

    public static ModelInferRequest SmallMessage() => new()
    {
        ModelName = "echo",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 3 } } },
        RawInputContents = { ByteString.CopyFrom(Floats(1, 2.5f, -3)) },
    };

    public static byte[] Floats(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
