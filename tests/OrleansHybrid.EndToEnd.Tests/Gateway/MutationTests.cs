using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>Requests that were right once and then damaged: answered or refused, never a failure of the server.</summary>
public sealed class MutationTests
{
    private const int Rounds = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Damaged_rest_body_is_answered_or_refused_in_the_protocols_shape(int seed)
    {
        await using var host = await GatewayHost.StartAsync(bytesMax: 1 << 20);
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (body, jsonBytes) = new GeneratedRequest(random.Next()).Mixed(random.NextDouble());
            body = Damage(body, random);
            using var answer = await InferBinaryTests.SendAsync(host, "echo", random.Next(3) == 0 ? null : jsonBytes.ToString(), body, chunked: random.Next(2) == 0);
            if (answer.StatusCode == HttpStatusCode.OK) continue;
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"round {round}: {answer.StatusCode} for {Encoding.UTF8.GetString(body)}");
            Protocol.AssertError(await answer.Content.ReadAsStringAsync());
            refused++;
        }

        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Damaged_message_is_answered_or_refused_by_a_status_of_the_caller(int seed)
    {
        await using var host = await GatewayHost.StartAsync(bytesMax: 1 << 20);
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var infer = new Method<byte[], byte[]>(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", bytes, bytes);
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var made = new GeneratedRequest(random.Next());
            var message = Damage(made.Message(made.AllHaveJson && random.Next(2) == 0).ToByteArray(), random);
            try
            {
                await host.Channel.CreateCallInvoker().AsyncUnaryCall(infer, null, default, message);
            }
            catch (RpcException wrong)
            {
                Assert.True(wrong.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted, $"round {round}: {wrong.Status} for {Convert.ToHexString(message)}");
                refused++;
            }
        }

        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    private static byte[] Damage(byte[] body, Random random)
    {
        var list = new List<byte>(body);
        for (var times = random.Next(1, 4); times > 0 && list.Count > 0; times--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(6))
            {
                case 0: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: list.RemoveAt(at); break;
                case 2: list.Insert(at, (byte)random.Next(256)); break;
                case 3: list.RemoveRange(at, list.Count - at); break;
                case 4: list.InsertRange(at, list.GetRange(at, Math.Min(random.Next(20), list.Count - at))); break;
                default: list[at] = (byte)"{}[]\",:0-9eE.tfn\\"[random.Next(17)]; break;
            }
        }

        return [.. list];
    }
}
