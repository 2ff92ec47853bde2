using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>The client by dependency injection.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Client_is_there_before_the_host_starts_ready_after_it_and_closed_with_it()
    {
        using var folder = new TempFolder();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHybridClient(o => (o.Models, o.Data) = ([RepositoryRoot.SampleModels], folder.Sub("state")));
        HybridClient client;
        using (var host = builder.Build())
        {
            client = host.Services.GetRequiredService<HybridClient>();
            using var early = await client.Model(Clips.Model).InferAsync(Wav.FromFile(Clips.PathOf("easy.wav")));
            await host.StartAsync();
            using var answer = await client.Model(Clips.Model).InferAsync(Wav.FromFile(Clips.PathOf("easy.wav")));
            await host.StopAsync();

            Assert.Equal(FailureCode.ModelNotFound, early.Failure?.Code);
            Assert.Equal(Device.EasyLabel, answer.Label);
            Assert.Same(client, host.Services.GetRequiredService<IInferenceService>());
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        using var late = await client.Model(Clips.Model).InferAsync(Wav.FromFile(Clips.PathOf("easy.wav")));
        Assert.Equal(FailureCode.ShuttingDown, late.Failure?.Code);
    }

    [Fact]
    public async Task Options_that_cannot_work_stop_the_host_with_every_error()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHybridClient(o => (o.Models, o.Node, o.UpstreamZone, o.Upstream, o.MemoryBytes) = (["nowhere"], "", Zone.Device, "ftp://x", 0));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.All(["Models:", "Node:", "UpstreamZone:", "Upstream:", "MemoryBytes:"], part => Assert.Contains(refused.Failures, f => f.StartsWith(part, StringComparison.Ordinal)));
    }
}
