using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>An Open Inference Protocol server on a loopback port that keeps every request it got and answers as the test says.</summary>
internal sealed class RecordingServer : GRPCInferenceService.GRPCInferenceServiceBase, IAsyncDisposable
{
    private WebApplication? app;

    public ConcurrentQueue<ModelInferRequest> Requests { get; } = [];

    public ConcurrentQueue<Metadata> Headers { get; } = [];

    public int Probes => probes;

    /// <summary>What <c>ServerMetadata</c> lists.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = [];

    public Func<ModelInferRequest, ServerCallContext, Task<ModelInferResponse>> Answer { get; set; } = (request, _) => Task.FromResult(Echo(request));

    /// <summary>Runs before <c>ServerMetadata</c> answers.</summary>
    public Action BeforeMetadata { get; set; } = static () => { };

    public int Port { get; private set; }

    public string Address => $"http://127.0.0.1:{Port}";

    private int probes;

    public static async Task<RecordingServer> StartAsync(int port = 0)
    {
        var server = new RecordingServer();
        await server.ListenAsync(port);
        return server;
    }

    /// <summary>The first input's bytes as the output <c>y</c>.</summary>
    public static ModelInferResponse Echo(ModelInferRequest request)
    {
        var input = request.Inputs[0];
        var response = new ModelInferResponse { ModelName = request.ModelName, ModelVersion = request.ModelVersion, Id = request.Id };
        response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor { Name = "y", Datatype = input.Datatype, Shape = { input.Shape } });
        response.RawOutputContents.Add(request.RawInputContents[0]);
        return response;
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        Headers.Enqueue(context.RequestHeaders);
        return Answer(request, context);
    }

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref probes);
        return Task.FromResult(new ServerLiveResponse { Live = true });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        BeforeMetadata();
        return Task.FromResult(new ServerMetadataResponse { Name = "recording", Version = "1", Extensions = { Extensions } });
    }

    /// <summary>Ends at once, without draining: connections are torn.</summary>
    public async Task KillAsync()
    {
        if (app is null) return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        app = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    public async Task ListenAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(this);
        app = builder.Build();
        app.MapGrpcService<RecordingServer>();
        await app.StartAsync();
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }
}
