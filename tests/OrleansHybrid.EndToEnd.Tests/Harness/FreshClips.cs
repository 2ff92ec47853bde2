using System.Diagnostics;
using System.Globalization;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Labelled clips that nobody has seen: made by the sample models' own pipeline from a seed.</summary>
internal sealed record FreshClips(IReadOnlyList<FreshClip> All)
{
    private const string Python = "/usr/bin/python3";

    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu/libespeak-ng.so.1", "/usr/lib/aarch64-linux-gnu/libespeak-ng.so.1"];

    /// <summary>Whether the pipeline's needs are installed. CI must have them: there a missing one fails.</summary>
    public static bool CanBeMade => (File.Exists(Python) && Array.Exists(Libraries, File.Exists))
        || (Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException("espeak-ng or python3 is not installed, and CI must make fresh clips.") : false);

    public static async Task<FreshClips> MakeAsync(int seed, int each)
    {
        using var folder = new TempFolder();
        string[] arguments = ["-m", "pipeline", "clips", "--seed", Text(seed), "--easy", Text(each), "--hard", Text(each), "--out", folder.Path];
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { WorkingDirectory = RepositoryRoot.SampleModels, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The pipeline made no clips: {errors}");
        return new FreshClips(Read(folder.Path).ToList());
    }

    private static IEnumerable<FreshClip> Read(string folder)
    {
        const int clipBytes = Clips.Samples * sizeof(short);
        var audio = File.ReadAllBytes(Path.Combine(folder, "clips.bin"));
        var rows = File.ReadLines(Path.Combine(folder, "clips.csv")).Skip(1).Select(line => line.Split(','));
        return rows.Select((row, i) => new FreshClip(row[1], row[3], audio.AsSpan(i * clipBytes, clipBytes).ToArray()));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Condition"><c>easy</c> or <c>hard</c>.</param>
internal sealed record FreshClip(string Label, string Condition, byte[] Audio);
