using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Push;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Takes one file of an upload as it streams in: hashed while it is written, not one byte more than was said, resumed where it broke off.</summary>
internal sealed class PushFiles(UploadStore uploads, BundleStore store, PushDesk desk)
{
    public async Task<IResult> TakeAsync(HttpContext http, string id, string digest, long offset, CancellationToken cancellationToken)
    {
        if (desk.WhyNot() is { } elsewhere) return elsewhere;
        if (await uploads.FindAsync(id, cancellationToken) is not { } upload) return PushDesk.Unknown();
        if (upload.Find(digest) is not { } file) return await desk.RefuseAsync(http, upload.Version, new BundleProblem(BundleRefusal.ExtraFile, "the signature lists no file with this digest. Send the files that the upload lists, each under its own digest."), cancellationToken);
        var begin = await store.Blobs.BeginAsync(file.Blob, cancellationToken);
        if (begin.Problem is { } problem) return await desk.RefuseAsync(http, upload.Version, problem, cancellationToken);
        if (begin.Writer is not { } writer) return Results.Ok(new UploadedView(file.Blob.Bytes, file.Blob.Bytes, true));
        await using (writer)
        {
            if (offset != writer.Position) return WrongOffset(offset, writer.Position);
            Allow(http);
            if (await CopyAsync(http.Request.Body, writer, cancellationToken) is not { } refused) return Results.Ok(new UploadedView(writer.Position, file.Blob.Bytes, true));
            if (refused.Refusal == BundleRefusal.Truncated) return Results.Ok(new UploadedView(writer.Position, file.Blob.Bytes, false));
            return await desk.RefuseAsync(http, upload.Version, refused with { Message = $"'{file.Name}': {refused.Message}" }, cancellationToken);
        }
    }

    /// <summary>Null: the file is here, whole.</summary>
    private static async Task<BundleProblem?> CopyAsync(Stream body, BlobWriter writer, CancellationToken cancellationToken)
    {
        var chunk = new byte[Limits.BlobChunkBytes];
        for (int count; (count = await body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (await writer.WriteAsync(chunk.AsMemory(0, count), cancellationToken) is { } refused) return refused;
        }

        return await writer.CommitAsync(cancellationToken);
    }

    /// <summary>The writer is the bound: it takes what the statement says and not one byte more.</summary>
    private static void Allow(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = new MinDataRate(Limits.PushBytesPerSecondMin, Limits.PushGrace);
    }

    private static IResult WrongOffset(long came, long expected) =>
        Results.Json(new WrongOffsetView($"The file goes on at byte {expected}; came offset {came}. Send it from there.", expected), statusCode: (int)HttpStatusCode.Conflict);
}
