using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Hosting;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>The gateway in a Kestrel of its own on free loopback ports, over fakes. Disposing it checks that no lease is out.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly GrpcChannel channel;

    private GatewayHost(WebApplication app, TensorPool pool, FakeService service, FakeRepository repository, GatewayOptions options)
    {
        this.app = app;
        (Pool, Service, Repository, Options) = (pool, service, repository, options);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Rest = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        channel = GrpcChannel.ForAddress(addresses[1], new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
    }

    public TensorPool Pool { get; }

    public FakeService Service { get; }

    public FakeRepository Repository { get; }

    public GatewayOptions Options { get; }

    public HttpClient Rest { get; }

    public GrpcChannel Channel => channel;

    public IServiceProvider Services => app.Services;

    public static async Task<GatewayHost> StartAsync(long bytesMax = Limits.RequestBytesMax, FakeEngine? engine = null)
    {
        var pool = new TensorPool(poison: true);
        var (service, repository) = (new FakeService(pool), new FakeRepository());
        var options = new GatewayOptions { Pool = pool, Cell = "eu-west", Zone = Zone.Edge, Node = "node-1", RequestBytesMax = bytesMax };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            GatewayKestrel.Apply(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IInferenceService>(service);
        builder.Services.AddSingleton<IModelRepository>(repository);
        builder.Services.AddSingleton<IInferenceEngine>(engine ?? new FakeEngine());
        builder.Services.AddSingleton<ICallerAuthenticator, FakeAuthenticator>();
        builder.Services.AddHybridGateway();
        var app = builder.Build();
        app.MapHybridGateway();
        await app.StartAsync();
        return new GatewayHost(app, pool, service, repository, options);
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Rest.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(HttpStatusCode Status, string Body)> InferAsync(string json, params (string Name, string Value)[] headers) =>
        PostAsync("/v2/models/echo/infer", new StringContent(json), headers);

    /// <summary>A connection that a test may break at will.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Rest.BaseAddress!.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        Rest.Dispose();
        channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Assert.Equal(0, Pool.Leased);
    }
}
