namespace OrleansHybrid.Domain;

/// <content>Bounds of files on their way.</content>
public static partial class Limits
{
    /// <summary>How long a file's next part is waited for. Later: the call is given up and gone on with anew. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan BlobStallMax = TimeSpan.FromSeconds(15);

    /// <summary>How long a caller is held, with a sign of life now and then, while its cell fetches the file itself. Later: UNAVAILABLE, and the cell goes on fetching. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan BlobPullWaitMax = TimeSpan.FromMinutes(1);

    /// <summary>Between two signs of life of a call that waits for its file. Longer than a third of <see cref="BlobStallMax"/> would look like a dead link. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan BlobSignOfLife = TimeSpan.FromSeconds(3);

    /// <summary>Files that one silo hands out at one time. More: RESOURCE_EXHAUSTED, and the caller tries again; each takes a buffer and disk reads beside the requests. Owner: whoever sizes the host.</summary>
    public const int BlobStreamsMax = 64;

    /// <summary>The shortest pause before a version that failed is tried again; it doubles each time. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan InstallRetryMin = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a version that failed is tried again. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan InstallRetryMax = TimeSpan.FromMinutes(5);

    /// <summary>How often versions are compared with what is desired when nothing says that something changed. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan InstallLookInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often old versions and files are collected; also after each change. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan BundleCollectInterval = TimeSpan.FromHours(1);
}
