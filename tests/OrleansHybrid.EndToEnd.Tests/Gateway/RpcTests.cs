using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Protocol;
using OrleansHybrid.Links.Protocol.Health;
using Xunit;
using Serving = OrleansHybrid.Links.Protocol.Health.HealthCheckResponse.Types.ServingStatus;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class RpcTests
{
    private static readonly Metadata Operator = new() { { "authorization", "Bearer op" } };

    [Fact]
    public async Task Infer_answers_with_raw_contents_and_parameters()
    {
        await using var host = await GatewayHost.StartAsync();
        var request = Requests.SmallMessage();
        (request.Id, request.ModelVersion) = ("q7", "2");
        request.Parameters["privacy"] = new InferParameter { StringParam = "edge" };
        request.Parameters["explain"] = new InferParameter { BoolParam = true };
        request.Parameters["latency_target_ms"] = new InferParameter { Int64Param = 20 };
        request.Parameters["confidence_floor"] = new InferParameter { DoubleParam = 0.5 };
        request.Parameters["priority"] = new InferParameter { Uint64Param = 1 };
        using var call = Client(host).ModelInferAsync(request, new Metadata { { "hybrid-tag-room", "a" } });
        var answer = await call;
        Assert.Equal("route;dur=0.004, edge;dur=1.5", call.GetTrailers().GetValue("server-timing"));
        Assert.Equal(("echo", "2", "q7"), (answer.ModelName, answer.ModelVersion, answer.Id));
        Assert.Equal(request.RawInputContents, answer.RawOutputContents);
        var output = Assert.Single(answer.Outputs);
        Assert.Equal(("x", "FP32"), (output.Name, output.Datatype));
        Assert.Equal([1, 3], output.Shape);
        var told = answer.Parameters;
        Assert.Equal(("yes", "edge", 7L, 0.875, true, false), (told["label"].StringParam, told["zone"].StringParam, told["policy_revision"].Int64Param, told["confidence"].DoubleParam, told["degraded"].BoolParam, told["escalated"].BoolParam));
        var sent = host.Service.LastRequest!;
        Assert.Equal((20L, 0.5, true, 1), (sent.Parameters.LatencyTargetMs, sent.Parameters.ConfidenceFloor, sent.Parameters.Explain, sent.Priority));
        Assert.Equal("a", sent.Parameters.Tags["room"]);
        Assert.Null(sent.Timeout);
    }

    [Fact]
    public async Task Deadline_of_the_call_is_the_time_left_and_its_end_cancels_the_service()
    {
        await using var host = await GatewayHost.StartAsync();
        var cancelled = new TaskCompletionSource();
        host.Service.Answer = async (_, cancellationToken) =>
        {
            using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            return InferenceResult.Of(new Domain.InferenceFailure(Domain.FailureCode.Cancelled, "Gone."));
        };
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await Client(host).ModelInferAsync(Requests.SmallMessage(), deadline: DateTime.UtcNow.AddMilliseconds(400)));
        Assert.Equal(StatusCode.DeadlineExceeded, wrong.StatusCode);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.InRange(host.Service.LastRequest!.Timeout!.Value, TimeSpan.Zero, TimeSpan.FromMilliseconds(400));
    }

    [Theory]
    [InlineData("BOOL", "0001")]
    [InlineData("INT8", "80FF")]
    [InlineData("INT16", "0080FFFF")]
    [InlineData("INT32", "00000080FFFFFFFF")]
    [InlineData("INT64", "0000000000000080FFFFFFFFFFFFFFFF")]
    [InlineData("UINT8", "FF00")]
    [InlineData("UINT16", "FFFF0000")]
    [InlineData("UINT32", "FFFFFFFF00000000")]
    [InlineData("UINT64", "FFFFFFFFFFFFFFFF0000000000000000")]
    [InlineData("FP32", "0000C03F0000C07F")]
    [InlineData("FP64", "000000000000F83F000000000000F8FF")]
    [InlineData("BYTES", "0100000041000000000200")]
    public async Task Typed_contents_reach_the_service_as_binary(string type, string hex)
    {
        if (type == "BYTES") hex = "010000004100000000";
        await using var host = await GatewayHost.StartAsync();
        var request = new ModelInferRequest { ModelName = "echo", Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = type, Shape = { 2 }, Contents = Typed.Contents(type, Convert.FromHexString(hex)) } } };
        var answer = await Client(host).ModelInferAsync(request);
        Assert.Equal(hex, Convert.ToHexString(host.Service.LastInputs[0].Data));
        Assert.Equal(hex, Convert.ToHexString(answer.RawOutputContents[0].Span));
    }

    public static TheoryData<string, Action<ModelInferRequest>> Wrong { get; } = new()
    {
        { "no inputs", r => r.Inputs.Clear() },
        { "raw count", r => r.RawInputContents.Add(ByteString.Empty) },
        { "raw bytes", r => r.RawInputContents[0] = ByteString.CopyFrom(1, 2) },
        { "both contents", r => r.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } } },
        { "type", r => r.Inputs[0].Datatype = "FP33" },
        { "shape", r => r.Inputs[0].Shape[0] = -1 },
        { "huge shape", r => r.Inputs[0].Shape.Add(long.MaxValue) },
        { "rank", r => r.Inputs[0].Shape.AddRange(new long[40]) },
        { "name", r => r.Inputs[0].Name = "" },
        { "twice", r => { r.Inputs.Add(r.Inputs[0].Clone()); r.RawInputContents.Add(r.RawInputContents[0]); } },
        { "version", r => r.ModelVersion = "two" },
        { "parameter", r => r.Parameters["privacy"] = new InferParameter { StringParam = "none" } },
        { "sequence", r => r.Parameters["sequence_id"] = new InferParameter { Int64Param = 4 } },
        { "shared memory", r => r.Inputs[0].Parameters["shared_memory_region"] = new InferParameter { StringParam = "a" } },
        { "range", r => Refill(r, "INT8", new InferTensorContents { IntContents = { 1, 2, 128 } }) },
        { "wrong field", r => Refill(r, "INT8", new InferTensorContents { Int64Contents = { 1, 2, 3 } }) },
        { "too few", r => Refill(r, "INT8", new InferTensorContents { IntContents = { 1, 2 } }) },
        { "too many", r => Refill(r, "INT8", new InferTensorContents { IntContents = { 1, 2, 3, 4 } }) },
        { "no typed form", r => Refill(r, "FP16", new InferTensorContents { IntContents = { 1, 2, 3 } }) },
        { "output name", r => r.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor()) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Request_that_does_not_fit_is_invalid_argument(string what, Action<ModelInferRequest> spoil)
    {
        await using var host = await GatewayHost.StartAsync();
        var request = Requests.SmallMessage();
        spoil(request);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await Client(host).ModelInferAsync(request));
        Assert.Equal((StatusCode.InvalidArgument, what), (wrong.StatusCode, what));
        Assert.Null(host.Service.LastRequest);
    }

    [Fact]
    public async Task Every_other_rpc_answers()
    {
        await using var host = await GatewayHost.StartAsync();
        var client = Client(host);
        Assert.True((await client.ServerLiveAsync(new ServerLiveRequest())).Live);
        Assert.True((await client.ServerReadyAsync(new ServerReadyRequest())).Ready);
        Assert.Equal("orleans-hybrid", (await client.ServerMetadataAsync(new ServerMetadataRequest())).Name);
        Assert.True((await client.ModelReadyAsync(new ModelReadyRequest { Name = "echo" })).Ready);
        Assert.False((await client.ModelReadyAsync(new ModelReadyRequest { Name = "broken" })).Ready);
        Assert.Equal(["1", "2"], (await client.ModelMetadataAsync(new ModelMetadataRequest { Name = "echo", Version = "2" })).Versions);
        Assert.Equal(DataType.TypeFp32, (await client.ModelConfigAsync(new ModelConfigRequest { Name = "echo" })).Config.Input[0].DataType);
        Assert.Equal(4, (await client.ModelStatisticsAsync(new ModelStatisticsRequest())).ModelStats.Count);
        Assert.Equal(5, (await client.RepositoryIndexAsync(new RepositoryIndexRequest())).Models.Count);
        await client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = "echo", Parameters = { ["version"] = new ModelRepositoryParameter { Int64Param = 2 } } }, Operator);
        await client.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = "echo", Parameters = { ["version"] = new ModelRepositoryParameter { StringParam = "1" } } }, Operator);
        Assert.Equal(["load echo 2", "unload echo 1"], host.Repository.Calls);
    }

    [Fact]
    public async Task Rpcs_map_failures_roles_and_refusals_to_their_status()
    {
        await using var host = await GatewayHost.StartAsync();
        var client = Client(host);
        Assert.Equal(StatusCode.NotFound, await StatusOf(client.ModelMetadataAsync(new ModelMetadataRequest { Name = "none" })));
        Assert.Equal(StatusCode.NotFound, await StatusOf(client.ModelReadyAsync(new ModelReadyRequest { Name = "echo", Version = "9" })));
        Assert.Equal(StatusCode.Unavailable, await StatusOf(client.ModelConfigAsync(new ModelConfigRequest { Name = "broken" })));
        Assert.Equal(StatusCode.PermissionDenied, await StatusOf(client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = "echo" })));
        Assert.Equal(StatusCode.Unauthenticated, await StatusOf(client.ModelInferAsync(Requests.SmallMessage(), new Metadata { { "authorization", "Bearer x" } })));
        Assert.Equal(StatusCode.PermissionDenied, await StatusOf(client.ModelInferAsync(Requests.SmallMessage(), new Metadata { { "authorization", "Bearer view" } })));
        using var stream = client.ModelStreamInfer();
        var wrong = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unimplemented, wrong.StatusCode);
        Assert.Contains("ModelInfer", wrong.Status.Detail);
        var trace = new Method<ServerLiveRequest, ServerLiveResponse>(MethodType.Unary, "inference.GRPCInferenceService", "TraceSetting", Empty<ServerLiveRequest>(), Empty<ServerLiveResponse>());
        Assert.Equal(StatusCode.Unimplemented, await StatusOf(host.Channel.CreateCallInvoker().AsyncUnaryCall(trace, null, default, new ServerLiveRequest())));
    }

    [Fact]
    public async Task Message_over_the_bound_is_resource_exhausted()
    {
        await using var host = await GatewayHost.StartAsync(bytesMax: 1000);
        var request = Requests.SmallMessage();
        request.Inputs[0].Shape[0] = 1000;
        request.RawInputContents[0] = ByteString.CopyFrom(new byte[12000]);
        Assert.Equal(StatusCode.ResourceExhausted, await StatusOf(Client(host).ModelInferAsync(request)));
    }

    [Fact]
    public async Task Large_and_compressed_messages_pass_both_ways()
    {
        await using var host = await GatewayHost.StartAsync();
        var request = Requests.SmallMessage();
        (request.Inputs[0].Shape[0], request.Inputs[0].Shape[1]) = (3000, 1000);
        var bytes = new byte[12_000_000];
        new Random(5).NextBytes(bytes.AsSpan(0, 1_000_000));
        request.RawInputContents[0] = ByteString.CopyFrom(bytes);
        Assert.Equal(request.RawInputContents[0], (await Client(host).ModelInferAsync(request)).RawOutputContents[0]);
        var packed = await Client(host).ModelInferAsync(request, new CallOptions(new Metadata { { "grpc-internal-encoding-request", "gzip" } }));
        Assert.Equal(request.RawInputContents[0], packed.RawOutputContents[0]);
    }

    [Fact]
    public async Task Health_service_tells_readiness_and_its_changes()
    {
        await using var host = await GatewayHost.StartAsync();
        var health = new Health.HealthClient(host.Channel);
        Assert.Equal(Serving.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(StatusCode.NotFound, await StatusOf(health.CheckAsync(new HealthCheckRequest { Service = "none" })));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var watch = health.Watch(new HealthCheckRequest { Service = "inference.GRPCInferenceService" }, cancellationToken: stop.Token);
        Assert.True(await watch.ResponseStream.MoveNext(stop.Token));
        Assert.Equal(Serving.Serving, watch.ResponseStream.Current.Status);
        host.Options.IsReady = () => false;
        Assert.True(await watch.ResponseStream.MoveNext(stop.Token));
        Assert.Equal(Serving.NotServing, watch.ResponseStream.Current.Status);
        using var unknown = health.Watch(new HealthCheckRequest { Service = "none" }, cancellationToken: stop.Token);
        Assert.True(await unknown.ResponseStream.MoveNext(stop.Token));
        Assert.Equal(Serving.ServiceUnknown, unknown.ResponseStream.Current.Status);
    }

    private static void Refill(ModelInferRequest request, string type, InferTensorContents contents)
    {
        request.RawInputContents.Clear();
        (request.Inputs[0].Datatype, request.Inputs[0].Contents) = (type, contents);
    }

    private static Marshaller<T> Empty<T>()
        where T : IMessage, new() => Marshallers.Create(m => m.ToByteArray(), _ => new T());

    private static GRPCInferenceService.GRPCInferenceServiceClient Client(GatewayHost host) => new(host.Channel);

    private static async Task<StatusCode> StatusOf<T>(AsyncUnaryCall<T> call) => (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode;
}
