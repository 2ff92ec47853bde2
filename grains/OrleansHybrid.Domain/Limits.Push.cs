namespace OrleansHybrid.Domain;

/// <content>Bounds of pushing versions.</content>
public static partial class Limits
{
    /// <summary>The request that begins a push, in bytes: a signature of the largest size in base64, and a size for each of its files. Above: 413. Owner: whoever publishes the model.</summary>
    public const int PushBodyBytesMax = 12 << 20;

    /// <summary>Uploads that are open at one time. More: 429; commit or delete one. Each is one file of at most <see cref="PushBodyBytesMax"/>. Owner: whoever runs the cell.</summary>
    public const int PushUploadsMax = 32;

    /// <summary>How long an upload stays open since it was begun or begun again. After it the push starts anew; files that arrived are not sent twice. Owner: whoever publishes the model.</summary>
    public static readonly TimeSpan PushUploadAgeMax = TimeSpan.FromHours(24);

    /// <summary>Bytes per second that a file must arrive with, after <see cref="PushGrace"/>. Slower: the connection is closed, and the client resumes. Owner: whoever runs the cell.</summary>
    public const double PushBytesPerSecondMin = 240;

    /// <summary>How long a file may arrive slower than that. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan PushGrace = TimeSpan.FromSeconds(20);

    /// <summary>Errors of a version that one refusal lists. More: the rest shows when these are mended. Owner: whoever publishes the model.</summary>
    public const int PushErrorsShownMax = 8;
}
