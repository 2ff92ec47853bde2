namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>The sample clips: the edge answers the easy one, the classifier sends the hard one to the cloud, and the unsure one escalates.</summary>
internal static class Clips
{
    public const string Model = "keyword";
    public const int Samples = 16_000;

    public static string EasyJson { get; } = File.ReadAllText(PathOf("easy.json"));

    public static string UnsureJson { get; } = File.ReadAllText(PathOf("unsure.json"));

    public static string HardJson { get; } = File.ReadAllText(PathOf("hard.json"));

    /// <summary>16,000 samples, INT16, little-endian.</summary>
    public static byte[] EasyAudio { get; } = File.ReadAllBytes(PathOf("easy.raw"));

    public static byte[] HardAudio { get; } = File.ReadAllBytes(PathOf("hard.raw"));

    public static byte[] UnsureAudio { get; } = File.ReadAllBytes(PathOf("unsure.raw"));

    /// <param name="clip"><c>easy</c>, <c>hard</c> or <c>unsure</c>.</param>
    public static byte[] AudioOf(string clip) => clip switch { "easy" => EasyAudio, "hard" => HardAudio, "unsure" => UnsureAudio, _ => throw new ArgumentOutOfRangeException(nameof(clip), clip, "no such clip") };

    public static string PathOf(string file) => Path.Combine(RepositoryRoot.SampleModels, "clips", file);
}
