using System.Security.Cryptography;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Bytes hashed so far, and of all files.</summary>
public readonly record struct BundleProgress(long Done, long Total);

/// <summary>What is in a folder: exactly one of the two is set.</summary>
/// <param name="Digests">Name below the folder, '/' between parts → digest.</param>
public readonly record struct BundleFolderContent(IReadOnlyDictionary<string, string>? Digests, BundleProblem? Problem, long Bytes = 0);

/// <summary>Lists and hashes a version's folder.</summary>
/// <remarks>
/// Rules kept here: links are refused, never followed; pipes and sockets are refused; the bounds on files, depth and bytes hold while it lists, so a hostile
/// folder costs no more than they say; a file that grows or shrinks while it is read is refused. Files are read in parts and never held whole.
/// </remarks>
public static class BundleFolder
{
    /// <param name="ignore">Paths below the folder to leave out, with what is below them, besides <see cref="BundleNames.NeverSigned"/>.</param>
    /// <param name="progress">Called for each part read, on the reading thread.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<BundleFolderContent> ReadAsync(string folder, IEnumerable<string> ignore, IProgress<BundleProgress>? progress, CancellationToken cancellationToken)
    {
        var found = new BundleFolderWalk(ignore).List(folder, out var problem);
        if (problem is not null) return new BundleFolderContent(null, problem);
        var total = found.Sum(f => f.Bytes);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = 0L;
        progress?.Report(new BundleProgress(0, total));
        foreach (var file in found)
        {
            var digest = await HashAsync(file, part => progress?.Report(new BundleProgress(done += part, total)), cancellationToken);
            if (digest.Problem is not null) return new BundleFolderContent(null, digest.Problem);
            digests.Add(file.Name, digest.Text);
        }

        return new BundleFolderContent(digests, null, total);
    }

    private static async Task<(string Text, BundleProblem? Problem)> HashAsync(FoundFile file, Action<int> read, CancellationToken cancellationToken)
    {
        await using var stream = SafeFiles.OpenRegular(file.Path);
        if (stream is null) return ("", BundleFolderWalk.NotAFile(file.Name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Limits.BlobChunkBytes];
        var left = file.Bytes;
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0 && (left -= count) >= 0)
        {
            hash.AppendData(buffer, 0, count);
            read(count);
        }

        return left == 0
            ? (BundleDigests.Prefix + Convert.ToHexStringLower(hash.GetHashAndReset()), null)
            : ("", new BundleProblem(BundleRefusal.WrongSize, $"'{BundleNames.Show(file.Name)}' had {file.Bytes} bytes when the folder was listed and has another number now. Wait until nothing writes to the folder, then try again."));
    }
}
