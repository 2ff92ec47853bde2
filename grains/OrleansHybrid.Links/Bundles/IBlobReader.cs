namespace OrleansHybrid.Links.Bundles;

/// <summary>Files by their digest, as a place hands them out.</summary>
public interface IBlobReader
{
    /// <summary>The file's content, seekable, with its length known; null when it cannot be had. The caller disposes it.</summary>
    /// <param name="digest"><c>sha256:</c> and lower-case hex.</param>
    /// <param name="localOnly">False: a cell may fetch it from above first, once for all who ask.</param>
    ValueTask<Stream?> OpenAsync(string digest, bool localOnly, CancellationToken cancellationToken);
}
