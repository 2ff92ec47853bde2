using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Cells;

/// <summary>Sends a signed version to the farm's authority: begin, the missing files, commit. A broken connection begins again with what is there; so does the next run.</summary>
internal sealed class PushRun(CellClient cell, string folder, string model, int version, IProgress<BundleProgress>? progress)
{
    private const int BreaksMax = 8;

    /// <summary>Of all files, as they are on disk.</summary>
    public long Bytes { get; private set; }

    /// <summary>How often the connection broke and was made up for.</summary>
    public int Breaks { get; private set; }

    public async Task<CellAnswer> RunAsync(CancellationToken cancellationToken)
    {
        var content = await BundleFolder.ReadAsync(folder, [], null, cancellationToken);
        if (content.Digests is not { } digests) return new CellAnswer(0, null, CommandOutcome.Refused(content.Problem!));
        Bytes = content.Bytes;
        var sizes = digests.Keys.ToDictionary(n => n, n => new FileInfo(PathOf(n)).Length);
        var signature = Convert.ToBase64String(await File.ReadAllBytesAsync(PathOf(BundleNames.SignatureFile), cancellationToken));
        while (true)
        {
            var answer = await OnceAsync(new { signature, sizes }, digests, cancellationToken);
            if (answer.Status != 0 || answer.Problem!.Reason != "Unreachable" || Breaks == BreaksMax) return answer;
            Breaks++;
            await Task.Delay(TimeSpan.FromMilliseconds(100 << Breaks), TimeProvider.System, cancellationToken);
        }
    }

    private async Task<CellAnswer> OnceAsync(object request, IReadOnlyDictionary<string, string> digests, CancellationToken cancellationToken)
    {
        var begun = await cell.SendJsonAsync(HttpMethod.Post, $"v1/models/{Uri.EscapeDataString(model)}/versions/{version}:push", request, cancellationToken);
        if (begun.Problem is not null || begun.Body!["published"]!.GetValue<bool>()) return begun;
        var (id, files) = (begun.Body["id"]!.GetValue<string>(), begun.Body["files"]!.AsArray());
        var done = files.Sum(f => f!["bytes_here"]!.GetValue<long>());
        foreach (var file in files.Where(f => !f!["complete"]!.GetValue<bool>()).DistinctBy(f => f!["digest"]!.GetValue<string>()))
        {
            var name = file!["name"]!.GetValue<string>();
            if (!digests.ContainsKey(name)) return new CellAnswer(0, null, CommandOutcome.Refused(new BundleProblem(BundleRefusal.MissingFile, $"'{BundleNames.Show(name)}' is in the signature and not in the folder. Put it back, or sign the version again without it.")));
            if (await SendAsync(id, name, file["digest"]!.GetValue<string>(), file["bytes_here"]!.GetValue<long>(), n => progress?.Report(new BundleProgress(done += n, Bytes)), cancellationToken) is { Problem: not null } failed) return failed;
        }

        return await cell.SendJsonAsync(HttpMethod.Post, $"v1/uploads/{id}:commit", null, cancellationToken);
    }

    /// <summary>A file that somebody else sent a part of in between goes on where that ended.</summary>
    private async Task<CellAnswer> SendAsync(string id, string name, string digest, long offset, Action<int> sent, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var source = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read);
            source.Position = Math.Min(offset, source.Length);
            using var body = new StreamContent(new ReportingStream(source, sent), Limits.BlobChunkBytes);
            var answer = await cell.SendAsync(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"v1/uploads/{id}/files/{digest}?offset={offset}"), body, cancellationToken);
            if (answer.Status != (int)HttpStatusCode.Conflict || (answer.Body as JsonObject)?["offset"]?.GetValue<long>() is not { } right || right == offset) return answer;
            offset = right;
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
