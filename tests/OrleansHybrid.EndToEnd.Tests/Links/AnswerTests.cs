using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class AnswerTests
{
    private static readonly Gen<long> Dim = Gen.OneOf(Gen.Long[0, 4], Gens.OneOf(-1L, 1L << 31, 1L << 62, long.MinValue, long.MaxValue));

    private static readonly Gen<ModelInferResponse.Types.InferOutputTensor> Output =
        from name in Gens.OneOf("y", "z", "", new string('n', 300))
        from type in Gens.OneOf("UINT8", "FP32", "FP16", "INT64", "BOOL", "BYTES", "FP99", "", "fp32")
        from shape in Gen.OneOf(Dim.Array[0, 3], Gen.Const(1L).Array[40])
        from typed in Gen.UInt[0, 300].Array[0, 5]
        from floats in Gen.Single.Array[0, 5]
        from strings in Gen.Byte.Array[0, 3].Array[0, 3]
        from longs in Gen.Long.Array[0, 4]
        select new ModelInferResponse.Types.InferOutputTensor
        {
            Name = name,
            Datatype = type,
            Shape = { shape },
            Contents = new InferTensorContents
            {
                UintContents = { typed }, Fp32Contents = { floats }, Int64Contents = { longs }, BytesContents = { strings.Select(s => ByteString.CopyFrom(s)) },
            },
        };

    /// <summary>Sound, but for one field that may be wrong: these pass the early checks and reach the late ones.</summary>
    private static readonly Gen<ModelInferResponse> NearlySound =
        from rows in Gen.Int[0, 4]
        from bytes in Gen.Byte.Array[0, 4]
        from type in Gens.OneOf("UINT8", "UINT8", "BOOL", "INT16", "BYTES")
        from model in Gens.OneOf("echo", "echo", "echo", "other")
        from zone in Gens.OneOf("cloud", "", "edge", "moon")
        from confidence in Gens.OneOf(0.5, 0.5, 0.5, double.NaN)
        select Answer([new ModelInferResponse.Types.InferOutputTensor { Name = "y", Datatype = type, Shape = { rows } }], [bytes], model, "1", zone, confidence);

    private static readonly Gen<ModelInferResponse> Wild =
        from outputs in Output.Array[0, 3]
        from raw in Gen.Byte[0, 3].Array[0, 12].Array[0, 3]
        from model in Gens.OneOf("echo", "", "other")
        from version in Gens.OneOf("1", "", "2", "one")
        from zone in Gens.OneOf("", "cloud", "moon")
        from confidence in Gens.OneOf(0.5, double.NaN, -1, 7)
        select Answer(outputs, raw, model, version, zone, confidence);

    [Fact]
    public async Task Any_answer_is_read_whole_or_rejected_and_leaves_no_lease()
    {
        await using var server = await RecordingServer.StartAsync();
        var pool = new TensorPool(poison: true);
        await using var client = Calls.Client(server.Address, pool);
        var read = 0;
        await Gen.OneOf(Wild, NearlySound).SampleAsync(async answer =>
        {
            server.Answer = (_, _) => Task.FromResult(answer);
            var lease = pool.Copy([1]);
            var outcome = await client.InferAsync(Calls.Request(lease), default);
            lease.Release();
            if (outcome.Failure is { } failure) Assert.Equal(FailureCode.UpstreamRejected, failure.Code);
            else read++;
            foreach (var output in outcome.Outputs)
            {
                if (output.DataType != TensorDataType.Bytes) Assert.Equal(output.Shape.ElementCount * output.DataType.ElementBytes(), output.Data.Length);
                output.Data.Release();
            }

            Assert.Equal(0, pool.Leased);
            Assert.Equal(LinkHealth.Up, client.State.Health);
        }, iter: 1500, threads: 1);
        Assert.True(read > 0, "some answers were sound");
    }

    [Fact]
    public async Task Answer_of_a_cell_carries_its_provenance()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (request, context) =>
        {
            context.ResponseTrailers.Add("server-timing", "route;dur=0.1, cloud;dur=0.2");
            var answer = RecordingServer.Echo(request);
            void Say(string name, InferParameter value) => answer.Parameters[name] = value;
            foreach (var (name, text) in new[] { ("label", "yes"), ("zone", "cloud"), ("cell", "central"), ("node", "n1"), ("variant", "large"), ("model_digest", "sha256:ab"), ("reason", "cloud=chosen:R1") })
            {
                Say(name, new InferParameter { StringParam = text });
            }

            Say("policy_revision", new InferParameter { Int64Param = 7 });
            Say("confidence", new InferParameter { DoubleParam = 0.9 });
            Say("escalated", new InferParameter { BoolParam = true });
            return Task.FromResult(answer);
        };
        await using var client = Calls.Client(server.Address);

        var outcome = await Calls.SendAsync(client);

        Assert.Equal(new Provenance(Zone.Cloud, "central", "n1", "echo", 1, "large", "sha256:ab", 7), outcome.Provenance);
        Assert.Equal(("yes", 0.9, true, false, "cloud=chosen:R1"), (outcome.Label, outcome.Confidence, outcome.Escalated, outcome.Degraded, outcome.Reason));
        Assert.Equal(TimeSpan.FromMilliseconds(0.3), outcome.Above);
    }

    [Fact]
    public async Task Typed_contents_of_a_foreign_server_become_little_endian_bytes()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (_, _) => Task.FromResult(new ModelInferResponse
        {
            Outputs =
            {
                new ModelInferResponse.Types.InferOutputTensor { Name = "a", Datatype = "INT16", Shape = { 2 }, Contents = new InferTensorContents { IntContents = { -2, 258 } } },
                new ModelInferResponse.Types.InferOutputTensor { Name = "b", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("hi") } } },
            },
        });
        await using var client = Calls.Client(server.Address);

        var outcome = await client.InferAsync(Calls.Request(new TensorPool().Copy([1])), default);

        Assert.Null(outcome.Failure);
        Assert.Null(outcome.Provenance);
        Assert.Equal([0xFE, 0xFF, 0x02, 0x01], outcome.Outputs[0].Data.Span.ToArray());
        Assert.Equal([2, 0, 0, 0, (byte)'h', (byte)'i'], outcome.Outputs[1].Data.Span.ToArray());
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, FailureCode.UpstreamUnavailable)]
    [InlineData(StatusCode.ResourceExhausted, FailureCode.Overloaded)]
    [InlineData(StatusCode.InvalidArgument, FailureCode.BadInput)]
    [InlineData(StatusCode.NotFound, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.DeadlineExceeded, FailureCode.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled, FailureCode.UpstreamUnavailable)]
    [InlineData(StatusCode.PermissionDenied, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.Unauthenticated, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.FailedPrecondition, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.Unimplemented, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.Internal, FailureCode.UpstreamRejected)]
    [InlineData(StatusCode.Aborted, FailureCode.UpstreamRejected)]
    public async Task Status_of_the_server_becomes_one_failure_and_the_link_stays_up(StatusCode status, FailureCode expected)
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (_, _) => throw new RpcException(new Status(status, "at /srv/models/secret line 3"));
        await using var client = Calls.Client(server.Address);

        var failure = (await Calls.SendAsync(client)).Failure;

        Assert.Equal(expected, failure?.Code);
        Assert.DoesNotContain("secret", failure?.Message, StringComparison.Ordinal);
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Up, "the link is up");
    }

    private static ModelInferResponse Answer(ModelInferResponse.Types.InferOutputTensor[] outputs, byte[][] raw, string model, string version, string zone, double confidence)
    {
        var answer = new ModelInferResponse { ModelName = model, ModelVersion = version, Outputs = { outputs.Select(o => o.Clone()) }, RawOutputContents = { raw.Select(r => ByteString.CopyFrom(r)) } };
        if (zone.Length == 0) return answer;
        answer.Parameters["zone"] = new InferParameter { StringParam = zone };
        answer.Parameters["cell"] = new InferParameter { StringParam = "central" };
        answer.Parameters["confidence"] = new InferParameter { DoubleParam = confidence };
        return answer;
    }
}
