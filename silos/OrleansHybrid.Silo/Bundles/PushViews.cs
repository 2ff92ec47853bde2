using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Push;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>An open upload, or a version that needs none.</summary>
/// <param name="Id">For the routes below <c>/v1/uploads</c>; null: it is published already.</param>
/// <param name="Complete">Every file is here: commit it.</param>
/// <param name="Published">The catalogue has it, with this content.</param>
internal sealed record UploadView(string? Id, string Model, int Version, string Bundle, bool Published, bool Complete, DateTimeOffset? Expires, string? By, IEnumerable<UploadFileView> Files)
{
    public static UploadView Of(Upload upload, UploadStore uploads)
    {
        var files = upload.Files.Select(f => new UploadFileView(f.Name, f.Blob.Digest, f.Blob.Bytes, uploads.BytesHere(f.Blob), uploads.IsHere(f.Blob))).ToArray();
        return new UploadView(upload.Id, upload.Version.Model, upload.Version.Version, upload.Bundle, false, files.All(f => f.Complete), upload.Expires, upload.Who, files);
    }

    public static UploadView Of(string model, CatalogueVersion version) => new(null, model, version.Version, version.Bundle, true, true, null, null, []);
}

/// <param name="BytesHere">Where to go on.</param>
internal sealed record UploadFileView(string Name, string Digest, long Bytes, long BytesHere, bool Complete);

internal sealed record UploadsView(IEnumerable<UploadView> Uploads);

/// <summary>How far one file is.</summary>
/// <param name="Offset">Bytes that are here: where to go on.</param>
internal sealed record UploadedView(long Offset, long Bytes, bool Complete);

/// <summary>The offset that was sent is not where the file goes on.</summary>
internal sealed record WrongOffsetView(string Error, long Offset);

/// <summary>A push that is refused: one reason for scripts, a sentence for people.</summary>
/// <param name="Refusal">Of the table of refusals.</param>
internal sealed record PushRefusedView(string Error, string Refusal);
