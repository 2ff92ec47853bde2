namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>The two sample clips that the start prints requests for.</summary>
internal static class Clips
{
    public const string Model = "keyword";
    public const int Samples = 16_000;

    public static string EasyJson { get; } = File.ReadAllText(PathOf("easy.json"));

    public static string HardJson { get; } = File.ReadAllText(PathOf("hard.json"));

    /// <summary>16,000 samples, INT16, little-endian.</summary>
    public static byte[] EasyAudio { get; } = File.ReadAllBytes(PathOf("easy.raw"));

    public static byte[] HardAudio { get; } = File.ReadAllBytes(PathOf("hard.raw"));

    public static string PathOf(string file) => Path.Combine(RepositoryRoot.SampleModels, "clips", file);
}
