using System.Net;
using System.Text;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

/// <summary>SIGTERM drains: what was begun is answered, nothing new is taken, the code is 0.</summary>
public sealed class DrainTests
{
    [Theory]
    [InlineData(FarmShape.OneProcess)]
    [InlineData(FarmShape.ThreeProcesses)]
    public async Task A_request_in_flight_is_answered_and_nothing_new_is_taken(FarmShape shape)
    {
        await using var farm = await TestFarm.StartAsync(shape);
        var silo = farm.ProcessOf(farm.EuWest);
        using var body = new SlowBody(Encoding.UTF8.GetBytes(Clips.EasyJson));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{farm.EuWest.HttpUrl}/v2/models/{Clips.Model}/infer") { Content = body };
        var answering = farm.Http.SendAsync(request);
        await body.HalfSent;
        await farm.WaitForInFlightAsync(farm.EuWest);

        silo.Terminate();
        await Wait.Until(async () => await IsRefusedAsync(farm), "the port to close");
        body.SendRest();

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await silo.WaitForExitAsync());
    }

    [Fact]
    public async Task State_is_back_after_a_stop_and_a_start()
    {
        await using var farm = await TestFarm.StartAsync(FarmShape.OneProcess);
        Assert.True((await farm.Http.InferJsonAsync(farm.EuWest, Clips.EasyJson)).Ok);
        var silo = farm.ProcessOf(farm.EuWest);
        silo.Terminate();
        Assert.Equal(0, await silo.WaitForExitAsync());

        await farm.RestartAsync(farm.EuWest);

        Assert.Contains("\"requests\":1", await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/versions?model={Clips.Model}"));
    }

    private static async Task<bool> IsRefusedAsync(TestFarm farm)
    {
        try
        {
            using var http = new HttpClient();
            await http.GetStringAsync($"{farm.EuWest.HttpUrl}/health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    /// <summary>Sends half of a body, and the rest when told.</summary>
    private sealed class SlowBody(byte[] content) : HttpContent
    {
        private readonly TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HalfSent => half.Task;

        public void SendRest() => rest.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
            await stream.FlushAsync();
            half.SetResult();
            await rest.Task;
            await stream.WriteAsync(content.AsMemory(content.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
