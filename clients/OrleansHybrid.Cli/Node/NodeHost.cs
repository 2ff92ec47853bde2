using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Cli.Node;

/// <summary>The agent's ports over the agent: the Open Inference Protocol and <c>GET /v1/node</c>.</summary>
internal static partial class NodeHost
{
    private const string GrpcContent = "application/grpc";

    /// <summary>Until it is told to stop. Readiness comes after the models, and goes before requests in flight finish.</summary>
    public static async Task<CommandOutcome> RunAsync(NodeSettings settings, TimeProvider clock, CancellationToken stopping)
    {
        var began = clock.GetTimestamp();
        using var logs = NodeLogging.Create(clock);
        var log = logs.CreateLogger<NodeAgent>();
        await using var agent = NodeAgent.Open(settings, clock, logs);
        await using var app = Build(agent, stopping, logs);
        if (await StartAsync(app, agent, stopping) is { } refused) return refused;
        LogReady(log, clock.GetElapsedTime(began).TotalSeconds, agent.Node.Name, agent.Node.Cell, settings.Http.ToString(), settings.Grpc.ToString());
        await agent.RunAsync(stopping);
        LogStopping(log);
        using var bound = new CancellationTokenSource(Limits.NodeStopMax, clock);
        await app.StopAsync(bound.Token);
        return CommandOutcome.Ok(new Fact("node", "stopped", agent.Node.Name), new Fact("answers", "answers", agent.Answers.Count));
    }

    /// <summary>Models first: a port that is open answers.</summary>
    private static async Task<CommandOutcome?> StartAsync(WebApplication app, NodeAgent agent, CancellationToken stopping)
    {
        try
        {
            await agent.LoadAsync(stopping);
            await app.StartAsync(stopping);
            return null;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return CommandOutcome.Refused("PortTaken", $"--http or --grpc: {agent.Settings.Http} or {agent.Settings.Grpc} is taken. Stop what uses it, or give another.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return CommandOutcome.Ok(new Fact("node", "stopped", agent.Node.Name));
        }
    }

    private static WebApplication Build(NodeAgent agent, CancellationToken stopping, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(NodeHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            GatewayKestrel.Apply(kestrel);
            kestrel.Listen(agent.Settings.Http, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(agent.Settings.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(logs).AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Limits.NodeStopMax);
        AddServices(builder.Services, agent, stopping);
        var app = builder.Build();
        app.Use((context, next) => Belongs(context, agent.Settings) ? next(context) : RefuseAsync(context));
        app.MapHybridGateway();
        NodeApi.Map(app, agent);
        return app;
    }

    private static void AddServices(IServiceCollection services, NodeAgent agent, CancellationToken stopping)
    {
        services.AddSingleton<IInferenceService>(agent.Answers).AddSingleton(agent.Client.Models).AddSingleton(agent.Client.Engine);
        services.AddSingleton<ICallerAuthenticator>(new NodeAuthenticator(agent.Key, agent.Settings.AuthRequired));
        services.AddSingleton(new GatewayOptions
        {
            Cell = agent.Node.Cell,
            Node = agent.Node.Name,
            Zone = Zone.Device,
            Pool = agent.Client.Pool,
            IsReady = () => !stopping.IsCancellationRequested,
            Extensions = [.. GatewayOptions.DefaultExtensions, .. ServerStatement.Extensions(agent.Node.Cell, Zone.Device, agent.Node.Name)],
        });
        services.AddHybridGateway();
    }

    /// <summary>By the port that the connection came in on, never by the Host header, which the caller writes.</summary>
    private static bool Belongs(HttpContext context, NodeSettings settings) =>
        context.Connection.LocalPort != settings.Grpc.Port || (context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) ?? false);

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("This port serves gRPC. REST is on the other one.");
    }

    /// <summary>The command handles signals, so the host listens to none.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "ready in {Seconds:0.0} s: node {Node} of the cell {Cell}, REST on {Http}, gRPC on {Grpc}.")]
    private static partial void LogReady(ILogger log, double seconds, string node, string cell, string http, string grpc);

    [LoggerMessage(LogLevel.Information, "stopping: requests in flight finish.")]
    private static partial void LogStopping(ILogger log);
}
