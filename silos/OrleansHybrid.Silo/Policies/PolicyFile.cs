using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Policies;

/// <summary>What one look at the policy file saw.</summary>
/// <param name="Bytes">Null when the file cannot be read.</param>
/// <param name="Digest">Of the bytes, or of what keeps them from being read.</param>
internal sealed record PolicyFileLook(byte[]? Bytes, string Digest, string Problem);

/// <summary>The file of <c>--policy</c>. Its content is looked at, never its times: editors replace files, and mounted configuration swaps links.</summary>
internal sealed class PolicyFile(string path)
{
    private string seen = "";
    private string judged = "";

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>What is there now, taken as judged.</summary>
    public PolicyFileLook Take()
    {
        var look = Read();
        seen = judged = look.Digest;
        return look;
    }

    /// <summary>What is there now, once it was the same in two looks in a row and differs from what was judged last; else null.</summary>
    public PolicyFileLook? Changed()
    {
        var look = Read();
        var settled = look.Digest == seen;
        seen = look.Digest;
        if (!settled || look.Digest == judged) return null;
        judged = look.Digest;
        return look;
    }

    /// <summary>The next look that is settled counts as a change, because what was taken could not be judged.</summary>
    public void Forget() => judged = "";

    private PolicyFileLook Read()
    {
        try
        {
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte over the bound is enough for the reader to refuse it.
            var bytes = new byte[Math.Min(stream.Length, Limits.ManifestBytesMax + 1)];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return new PolicyFileLook(bytes[..length], PolicyCandidate.DigestOf(bytes.AsSpan(0, length)), "");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var problem = refused is FileNotFoundException or DirectoryNotFoundException ? "no such file" : refused is UnauthorizedAccessException ? "a file that this user may not read" : "a file that cannot be read";
            return new PolicyFileLook(null, problem, problem);
        }
    }
}
