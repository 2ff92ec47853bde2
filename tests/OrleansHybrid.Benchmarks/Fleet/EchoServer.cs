using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansHybrid.Benchmarks.Fleet.Protocol;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>The baseline: ASP.NET Core's gRPC server with one method that does nothing. <c>echo-server HTTP GRPC</c> are its two ports on loopback; the first answers whether it is up.</summary>
internal static class EchoServer
{
    public static Task RunAsync(int http, int grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.ListenLocalhost(http, l => l.Protocols = HttpProtocols.Http1);
            k.ListenLocalhost(grpc, l => l.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapGet("/v2/health/ready", () => Results.Ok());
        return app.RunAsync();
    }

    internal sealed class EchoService : Echo.EchoBase
    {
        private static readonly Task<Nothing> Answer = Task.FromResult(new Nothing());

        public override Task<Nothing> Say(Nothing request, ServerCallContext context) => Answer;
    }
}
