using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>Callers that go away: nothing stays leased and the service is told. (Disposing the host asserts the same for every test.)</summary>
public sealed class AbortTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("", "{\"inputs\":[{\"name\":\"x\",")]
    [InlineData("Inference-Header-Content-Length: 107\r\n", "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1000],\"parameters\":{\"binary_data_size\":4000}}]          }abc")]
    [InlineData("Inference-Header-Content-Length: 0\r\n", "abcd")]
    public async Task Connection_that_breaks_inside_a_body_leaves_no_lease(string header, string part)
    {
        await using var host = await GatewayHost.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            await using var connection = await host.ConnectAsync();
            await connection.WriteAsync(Encoding.UTF8.GetBytes($"POST /v2/models/raw/infer HTTP/1.1\r\nHost: x\r\n{header}Content-Length: 4107\r\n\r\n{part}"));
            await WaitAsync(() => host.Pool.Leased > 0);
        }

        await WaitAsync(() => host.Pool.Leased == 0);
    }

    [Fact]
    public async Task Caller_that_leaves_cancels_the_service_and_frees_its_tensors()
    {
        await using var host = await GatewayHost.StartAsync();
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Service.Answer = async (request, cancellationToken) =>
        {
            entered.SetResult();
            await using var registration = cancellationToken.Register(left.SetResult);
            await left.Task;
            return InferenceResult.Of(host.Service.Echo(request));
        };
        await using (var connection = await host.ConnectAsync())
        {
            await connection.WriteAsync(Encoding.UTF8.GetBytes($"POST /v2/models/echo/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {Requests.Small.Length}\r\n\r\n{Requests.Small}"));
            await entered.Task.WaitAsync(Bound);
        }

        await left.Task.WaitAsync(Bound);
        await WaitAsync(() => host.Pool.Leased == 0);
    }

    [Fact]
    public async Task Service_that_keeps_a_share_after_its_answer_keeps_only_its_own()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Service.Answer = (request, _) =>
        {
            request.Inputs[0].Data.Share();
            return ValueTask.FromResult(InferenceResult.Of(new InferenceFailure(FailureCode.DeadlineExceeded, "Late.")));
        };
        await host.InferAsync(Requests.Small);
        Assert.Equal(1, host.Pool.Leased);
        Assert.Equal("0000803F00002040000040C0", Convert.ToHexString(host.Service.LastRequest!.Inputs[0].Data.Span));
        host.Service.LastRequest.Inputs[0].Data.Release();
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition()) await Task.Delay(10, bound.Token);
    }
}
