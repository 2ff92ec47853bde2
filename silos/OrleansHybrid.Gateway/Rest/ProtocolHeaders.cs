namespace OrleansHybrid.Gateway.Rest;

/// <summary>Header names of the protocol and of the product.</summary>
internal static class ProtocolHeaders
{
    /// <summary>Bytes of the JSON part before the binary tensors; 0: the whole body is one input's bytes.</summary>
    public const string InferenceHeaderLength = "Inference-Header-Content-Length";
    public const string ServerTiming = "Server-Timing";

    /// <summary>Request parameters as headers and gRPC metadata begin so.</summary>
    public const string ParameterPrefix = "hybrid-";
    public const string TagPrefix = "hybrid-tag-";
    public const string Hops = "hybrid-hops";
    public const string Tenant = "hybrid-tenant";
    public const string TraceParent = "traceparent";
    public const string GrpcTimeout = "grpc-timeout";
}
