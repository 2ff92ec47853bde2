using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>A cell above that hands out whatever documents a test gives it, whether it should or not.</summary>
internal sealed class FleetAbove : Fleet.FleetBase, IAsyncDisposable
{
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentQueue<byte[]> next = new();
    private WebApplication? app;
    private long revision;

    public int Port { get; } = FreePorts.Take();

    public IReadOnlyList<byte[]> Endorsements { get; private set; } = [];

    public static async Task<FleetAbove> StartAsync(params byte[][] endorsements)
    {
        var above = new FleetAbove { Endorsements = endorsements };
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, above.Port, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(above);
        above.app = builder.Build();
        above.app.MapGrpcService<FleetAbove>();
        await above.app.StartAsync();
        return above;
    }

    /// <summary>To be answered to the next call, whatever it asks for.</summary>
    public void Give(byte[] document) => next.Enqueue(document);

    /// <summary>What it sends of a file; null: it has none.</summary>
    public Func<GetBlobRequest, IServerStreamWriter<BlobPart>, Task>? Send { get; set; }

    public override Task GetBlob(GetBlobRequest request, IServerStreamWriter<BlobPart> responseStream, ServerCallContext context) =>
        Send?.Invoke(request, responseStream) ?? throw new RpcException(new Status(StatusCode.NotFound, "there is none"));

    public override async Task<GetDocumentsResponse> GetDocuments(GetDocumentsRequest request, ServerCallContext context)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        bound.CancelAfter(HoldMax);
        byte[]? document;
        while (!next.TryDequeue(out document) && !bound.IsCancellationRequested) await Task.Delay(10, CancellationToken.None);
        var answer = new GetDocumentsResponse { Revision = document is null ? revision : ++revision, Farm = DocumentSigner.Farm };
        answer.Endorsements.AddRange(Endorsements.Select(e => ByteString.CopyFrom(e)));
        if (document is not null) answer.Documents.Add(ByteString.CopyFrom(document));
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is null) return;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(bound.Token);
        await app.DisposeAsync();
    }
}
