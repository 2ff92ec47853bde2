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
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>A cell that hands out the policy the test gave it, on a loopback port.</summary>
internal sealed class PolicyCell : Fleet.FleetBase, IAsyncDisposable
{
    private WebApplication? app;

    public ConcurrentQueue<GetPolicyRequest> Asked { get; } = [];

    public GetPolicyResponse Answer { get; set; } = new() { NoPolicy = true };

    public string Address { get; private set; } = "";

    public static async Task<PolicyCell> StartAsync()
    {
        var cell = new PolicyCell();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(cell);
        cell.app = builder.Build();
        cell.app.MapGrpcService<PolicyCell>();
        await cell.app.StartAsync();
        cell.Address = cell.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return cell;
    }

    /// <summary>A policy whose one rule keeps the keyword model's input on the device; <paramref name="change"/> spoils the offer.</summary>
    public void Offer(long revision, Action<PolicyText>? change = null)
    {
        var text = Text(revision);
        var offer = new PolicyText { Name = "farm-default", Revision = revision, Text = text, Digest = FleetClient.DigestOf(text) };
        change?.Invoke(offer);
        Answer = new GetPolicyResponse { Policy = offer };
    }

    public static string Text(long revision) => $$"""
        policy: farm-default
        revision: {{revision}}
        rules:
          - id: R01
            when: { model: keyword }
            set: { privacy: device }
            because: Speech stays on the device.
            owner: privacy-office
        """;

    public override Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        Asked.Enqueue(request);
        return Task.FromResult(Answer);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }
}
