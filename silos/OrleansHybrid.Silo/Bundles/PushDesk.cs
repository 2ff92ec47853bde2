using System.Net;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Bundles.Push;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Admin;
using OrleansHybrid.Silo.Audit;
using OrleansHybrid.Silo.Documents;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Takes versions in at the farm's authority: begun, then file by file (<see cref="PushFiles"/>), then checked whole and published.</summary>
/// <remarks>
/// Rules kept here: nothing is taken up that no trusted publisher signed; a number never gets other content; the same push again goes on where it was, and one that is
/// published answers so; the audit entry comes before the change; a silo that died in between is made up for by sending the same again, or by
/// <see cref="AuthorityDuties"/>, which publishes what was added.
/// </remarks>
internal sealed class PushDesk(
    CellSettings cell,
    UploadStore uploads,
    PublisherFolder publishers,
    DocumentPublisher publisher,
    AuthorityDuties duties,
    AuditDesk audit,
    IGrainFactory grains,
    IProbeReader probes,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    /// <summary>Null: versions are published here.</summary>
    public IResult? WhyNot()
    {
        if (cell.Upstream is { } above) return AdminProblem.Of(HttpStatusCode.Conflict, $"This cell follows the one above it ({above}), and versions are published there. Push to that cell's REST port: hybrid push FOLDER --cell URL");
        return publisher.WhyNot() is { } why ? AdminProblem.Of(HttpStatusCode.Conflict, why) : null;
    }

    public async Task<IResult> BeginAsync(HttpContext http, string model, int version, PushRequest request, CancellationToken cancellationToken)
    {
        if (WhyNot() is { } elsewhere) return elsewhere;
        var (statement, files, signature, problem) = PushRules.Read(model, version, request, publishers.Keys);
        var key = new ModelVersionKey(model, version);
        if (problem is not null) return await RefuseAsync(http, key, problem, cancellationToken);
        if (await grains.GetModel(model).GetAsync(cancellationToken) is { } entry && entry.Find(version) is { } known)
        {
            return known.Bundle == statement!.RootDigest ? await EndAsync(http, key, known, cancellationToken) : await RefuseAsync(http, key, Conflict(entry, known, statement), cancellationToken);
        }

        var upload = new Upload(Upload.IdOf(key, statement!.RootDigest), key, statement.RootDigest, signature, files, AdminGate.CallerOf(http), clock.GetUtcNow() + Limits.PushUploadAgeMax);
        var (kept, full) = await uploads.BeginAsync(upload, cancellationToken);
        if (full is not null) return await RefuseAsync(http, key, full, cancellationToken);
        return kept
            ? Results.Ok(UploadView.Of(upload, uploads))
            : AdminProblem.Of(HttpStatusCode.TooManyRequests, $"{Limits.PushUploadsMax} uploads are open, which are the most. Commit them, or remove those that nobody goes on with: GET /v1/uploads, DELETE /v1/uploads/{{id}}");
    }

    public async Task<IResult> CommitAsync(HttpContext http, string id, CancellationToken cancellationToken)
    {
        if (WhyNot() is { } elsewhere) return elsewhere;
        if (await uploads.FindAsync(id, cancellationToken) is not { } upload) return Unknown();
        if (BundleSignature.Verify(upload.Signature, publishers.Keys).Problem is { } untrusted) return await RefuseAsync(http, upload.Version, untrusted, cancellationToken);
        if (upload.Files.FirstOrDefault(f => !uploads.IsHere(f.Blob)) is { } missing) return AdminProblem.Of(HttpStatusCode.Conflict, $"'{missing.Name}' has not arrived whole: {uploads.BytesHere(missing.Blob)} of {missing.Blob.Bytes} bytes are here. Send the rest, then commit.");
        var (inspected, problem) = await uploads.CheckWholeAsync(upload, folder => BundleInspector.InspectAsync(folder, upload.Version, probes, cancellationToken), cancellationToken);
        problem ??= inspected!.Errors.Count > 0 ? new BundleProblem(BundleRefusal.WrongManifest, string.Join(' ', inspected.Errors.Take(Limits.PushErrorsShownMax))) : null;
        problem ??= await uploads.KeepSignatureAsync(upload, cancellationToken);
        if (problem is not null) return await RefuseAsync(http, upload.Version, problem, cancellationToken);
        return await PublishAsync(http, upload, VersionOf(upload, inspected!), cancellationToken);
    }

    /// <summary>Written down, and the answer. What changes nothing is refused also when it cannot be written.</summary>
    public async Task<IResult> RefuseAsync(HttpContext http, ModelVersionKey key, BundleProblem problem, CancellationToken cancellationToken)
    {
        await audit.WriteAsync(AuditDesk.ChangeOf(http, AuditVerbs.VersionRefused, key.ToString(), "", "") with { Why = problem.ToString() }, "The refusal was not written down", cancellationToken);
        var status = problem.Refusal switch
        {
            BundleRefusal.Conflict => HttpStatusCode.Conflict,
            BundleRefusal.NoRoom => HttpStatusCode.InsufficientStorage,
            _ => HttpStatusCode.UnprocessableEntity,
        };
        return Results.Json(new PushRefusedView($"The version is refused: {problem.Message}", problem.Refusal.ToString()), statusCode: (int)status);
    }

    public static IResult Unknown() => AdminProblem.Of(HttpStatusCode.NotFound, $"There is no such upload: it was committed, removed, or open for more than {Limits.PushUploadAgeMax.TotalHours:0} hours. Push the version again; files that arrived are not sent twice.");

    private async Task<IResult> PublishAsync(HttpContext http, Upload upload, CatalogueVersion version, CancellationToken cancellationToken)
    {
        var change = AuditDesk.ChangeOf(http, AuditVerbs.VersionPush, upload.Version.ToString(), "", upload.Bundle);
        if (await audit.WriteAsync(change, "The version was not published", cancellationToken) is { } unwritten) return unwritten;
        var (added, unkept) = await StoreProblem.Guard(grains.GetModel(upload.Version.Model).AddVersionAsync(version, cancellationToken), "The version was not published");
        if (unkept is not null) return unkept;
        if (added!.Refused)
        {
            await audit.NotMadeAsync(change, added.Why);
            return await RefuseAsync(http, upload.Version, new BundleProblem(added.Verdict == CatalogueVerdict.Conflict ? BundleRefusal.Conflict : BundleRefusal.TooLarge, added.Why), cancellationToken);
        }

        return await EndAsync(http, upload.Version, added.Entry!.Find(version.Version)!, cancellationToken);
    }

    /// <summary>The upload is over, also one that a silo which died in between left open.</summary>
    private async Task<IResult> EndAsync(HttpContext http, ModelVersionKey key, CatalogueVersion version, CancellationToken cancellationToken)
    {
        var answer = await RepublishAsync(http, key.Model, version, cancellationToken);
        await uploads.RemoveAsync(Upload.IdOf(key, version.Bundle), cancellationToken);
        return answer;
    }

    /// <summary>The version is in the entry; the document may still lack it.</summary>
    private async Task<IResult> RepublishAsync(HttpContext http, string model, CatalogueVersion version, CancellationToken cancellationToken)
    {
        var (done, unkept) = await StoreProblem.Guard(PublishModelAsync(), "The version is kept and will be published");
        if (unkept is not null) return unkept;
        return done!.Failure is { } failure ? AdminProblem.Of(HttpStatusCode.ServiceUnavailable, $"The version is kept and will be published: {failure.Message}") : Results.Ok(UploadView.Of(model, version));

        async Task<Published> PublishModelAsync() => new(await duties.PublishModelAsync(model, AdminGate.CallerOf(http), cancellationToken));
    }

    private CatalogueVersion VersionOf(Upload upload, InspectedVersion inspected) => new(
        upload.Version.Version,
        upload.Bundle,
        upload.SignatureBlob,
        upload.Files,
        [.. inspected.Variants.Select(v => new CatalogueVariant(v.Variant.Name, v.Variant.Zones, v.Variant.MemoryMib, v.Variant.LatencyMs, v.Files))],
        [.. inspected.Shared],
        BundleSignature.Verify(upload.Signature, publishers.Keys).Statement?.KeyId ?? "",
        clock.GetUtcNow(),
        null);

    private static BundleProblem Conflict(CatalogueEntry entry, CatalogueVersion known, BundleStatement came) => new(
        BundleRefusal.Conflict,
        $"version {known.Version} of '{entry.Model}' is published with the bundle {known.Bundle[..19]}; came {came.RootDigest[..19]}. Versions never change: give the new content the number {entry.Versions[^1].Version + 1}.");

    private sealed record Published(InferenceFailure? Failure);
}
