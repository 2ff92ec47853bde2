using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>Somebody between a box and its cell: hands on every call, with files as <see cref="BlobTricks"/> says and with documents that are slipped in.</summary>
internal sealed class FleetMiddle : Fleet.FleetBase, IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly Fleet.FleetClient cell;
    private WebApplication? app;
    private GetDocumentsResponse? slipped;

    private FleetMiddle(string target) => cell = new Fleet.FleetClient(channel = GrpcChannel.ForAddress(target));

    public BlobTricks Blobs { get; } = new();

    /// <summary>Into the next answer with documents, behind those of the cell.</summary>
    public void SlipIn(IEnumerable<byte[]> documents, params IEnumerable<byte[]> endorsements)
    {
        var more = new GetDocumentsResponse();
        more.Documents.AddRange(documents.Select(d => ByteString.CopyFrom(d)));
        more.Endorsements.AddRange(endorsements.Select(e => ByteString.CopyFrom(e)));
        Volatile.Write(ref slipped, more);
    }

    public int Port { get; } = FreePorts.Take();

    public string Url => FormattableString.Invariant($"http://127.0.0.1:{Port}");

    public static async Task<FleetMiddle> StartAsync(TestCell cell)
    {
        var middle = new FleetMiddle(cell.GrpcUrl);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, middle.Port, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(middle);
        middle.app = builder.Build();
        middle.app.MapGrpcService<FleetMiddle>();
        await middle.app.StartAsync();
        return middle;
    }

    public override async Task<EnrolResponse> Enrol(EnrolRequest request, ServerCallContext context) => await cell.EnrolAsync(request, Head(context));

    /// <summary>Says that there are other documents as long as there is something to slip in.</summary>
    public override async Task<CheckInResponse> CheckIn(CheckInRequest request, ServerCallContext context)
    {
        var answer = await cell.CheckInAsync(request, Head(context));
        if (slipped is not null) answer.DocumentsRevision++;
        return answer;
    }

    public override async Task<GetDocumentsResponse> GetDocuments(GetDocumentsRequest request, ServerCallContext context)
    {
        var answer = await cell.GetDocumentsAsync(request, Head(context));
        if (Interlocked.Exchange(ref slipped, null) is not { } more) return answer;
        answer.Documents.AddRange(more.Documents);
        answer.Endorsements.AddRange(more.Endorsements);
        return answer;
    }

    public override async Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context) => await cell.GetPolicyAsync(request, Head(context));

    public override async Task GetBlob(GetBlobRequest request, IServerStreamWriter<BlobPart> responseStream, ServerCallContext context)
    {
        if (Blobs.Has(request.Digest))
        {
            await Blobs.SendAsync(request, responseStream);
            return;
        }

        using var call = cell.GetBlob(request, Head(context));
        while (await call.ResponseStream.MoveNext(context.CancellationToken)) await responseStream.WriteAsync(call.ResponseStream.Current);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (app is null) return;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(bound.Token);
        await app.DisposeAsync();
    }

    private static CallOptions Head(ServerCallContext context)
    {
        var head = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(h => h.Key == "authorization")) head.Add(entry);
        return new CallOptions(head, cancellationToken: context.CancellationToken);
    }
}
