using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Brings the files of a version here, over one link.</summary>
/// <remarks>
/// Rules kept here: nothing is asked for when not all of it has room here; the signature comes first and is verified, with the catalogue's names and digests, before any other file is asked for; only the files that are
/// needed here are asked for, each once; what broke off goes on where it was; each file is hashed while it comes, and not one byte more than was said is taken;
/// the link's rate and hours hold.
/// </remarks>
/// <example><code>
/// var fetcher = new BundleFetcher(store, new FleetBundleSource(fleet), TransferLimits.None(clock));
/// var outcome = await fetcher.FetchAsync("keyword", wanted.Source, wanted.Files, stopping);
/// </code></example>
public sealed class BundleFetcher(BundleStore store, IBundleSource source, TransferLimits limits)
{
    /// <param name="needed">Of the version's files.</param>
    public async Task<FetchOutcome> FetchAsync(string model, CatalogueVersion version, IReadOnlyList<CatalogueFile> needed, CancellationToken cancellationToken)
    {
        if (version.Signature.Bytes > Limits.SignatureBytesMax) return FetchOutcome.Refused(new BundleProblem(BundleRefusal.TooLarge, $"expected a signature of at most {Limits.SignatureBytesMax} bytes; came one of {version.Signature.Bytes}. Sign fewer files."));
        if (store.Blobs.WhyNoRoom(needed.Select(f => f.Blob).Append(version.Signature)) is { } full) return FetchOutcome.Refused(full);
        if (await FetchAsync(version.Signature, cancellationToken) is { IsDone: false } unsigned) return unsigned;
        if ((await store.VerifyAsync(model, version, cancellationToken)).Problem is { } refused) return FetchOutcome.Refused(refused);
        foreach (var file in needed)
        {
            if (!version.Files.Contains(file)) return FetchOutcome.Refused(new BundleProblem(BundleRefusal.ExtraFile, $"'{file.Name}' is asked for and is not in the signature. Ask for files of the version alone."));
            if (await FetchAsync(file.Blob, cancellationToken) is { IsDone: false } broken) return broken.In(file.Name);
        }

        return FetchOutcome.Done;
    }

    /// <summary>One file, unless it is here.</summary>
    public async Task<FetchOutcome> FetchAsync(BlobReference blob, CancellationToken cancellationToken)
    {
        var begin = await store.Blobs.BeginAsync(blob, cancellationToken);
        if (begin.Problem is { } problem) return FetchOutcome.Refused(problem);
        if (begin.Writer is not { } writer) return FetchOutcome.Done;
        await using (writer)
        {
            return await ReceiveAsync(writer, blob, cancellationToken);
        }
    }

    private async Task<FetchOutcome> ReceiveAsync(BlobWriter writer, BlobReference blob, CancellationToken cancellationToken)
    {
        // All of it may have come before the process ended.
        if (writer.Position == blob.Bytes) return FetchOutcome.Of(await writer.CommitAsync(cancellationToken));
        if (limits.WhyNot() is { } shut) return FetchOutcome.Broken(shut);
        await foreach (var chunk in source.ReadAsync(blob, writer.Position, cancellationToken))
        {
            if (chunk.Failure is { } failure) return FetchOutcome.Broken(failure);
            if (limits.WhyNot() is { } closed) return FetchOutcome.Broken(closed);
            if (chunk.TotalBytes >= 0 && chunk.TotalBytes != blob.Bytes) return FetchOutcome.Refused(new BundleProblem(BundleRefusal.WrongSize, $"expected a file of {blob.Bytes} bytes; the sender's has {chunk.TotalBytes}. Fetch it from a place that has the signed file."));
            if (await writer.WriteAsync(chunk.Bytes, cancellationToken) is { } refused) return FetchOutcome.Refused(refused);
            await limits.TakeAsync(chunk.Bytes.Length, cancellationToken);
        }

        return FetchOutcome.Of(await writer.CommitAsync(cancellationToken));
    }
}

/// <summary>How a fetch ended: everything is here when both are null.</summary>
/// <param name="Problem">What came, or would have, is refused.</param>
/// <param name="Failure">The link or its limits: it is tried again and goes on where it was.</param>
public sealed record FetchOutcome(BundleProblem? Problem, InferenceFailure? Failure)
{
    public static FetchOutcome Done { get; } = new(null, null);

    public bool IsDone => Problem is null && Failure is null;

    internal static FetchOutcome Refused(BundleProblem problem) => new(problem, null);

    internal static FetchOutcome Broken(InferenceFailure failure) => new(null, failure);

    internal static FetchOutcome Of(BundleProblem? problem) => problem is null ? Done : Refused(problem);

    internal FetchOutcome In(string file) => Problem is { } problem ? Refused(problem with { Message = $"'{file}': {problem.Message}" }) : this;
}
