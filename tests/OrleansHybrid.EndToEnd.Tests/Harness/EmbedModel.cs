using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>The sentence encoder, built by the documented command, and how to ask it.</summary>
internal static class EmbedModel
{
    public const string Name = "embed";
    public const int Width = 384;
    private const string Python = "/usr/bin/python3";
    private const string Onnx = "/usr/lib/python3/dist-packages/onnx";

    /// <summary>Whether the pipeline's needs are installed. CI must have them: there a missing one fails.</summary>
    public static bool CanBeBuilt => (File.Exists(Python) && Directory.Exists(Onnx))
        || (Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException("python3-onnx is not installed, and CI must build the sentence encoder.") : false);

    /// <summary>Fetches and builds; throws when either fails.</summary>
    /// <returns>What the command wrote.</returns>
    public static async Task<string> BuildAsync(string repository)
    {
        string[] arguments = ["-m", "pipeline", "embed", "--yes", "--out", repository];
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { WorkingDirectory = RepositoryRoot.SampleModels, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"The pipeline built no encoder: {await errors}\n{output}");
    }

    public static async Task<(Answer Answer, float[][] Vectors)> EmbedAsync(this HttpClient http, TestCell cell, string mode, params string[] texts)
    {
        var body = JsonSerializer.Serialize(new { parameters = new { mode }, inputs = new[] { new { name = "text", datatype = "BYTES", shape = new[] { texts.Length }, data = texts } } });
        var answer = await http.InferJsonAsync(cell, body, Name);
        return (answer, answer.Ok ? VectorsOf(answer) : []);
    }

    public static double Dot(float[] first, float[] second) => first.Zip(second).Sum(p => (double)p.First * p.Second);

    /// <summary>Equal to the last bit: a JSON number that is read back gives the float it was written from.</summary>
    public static bool SameBits(float[] first, float[] second) => MemoryMarshal.AsBytes<float>(first).SequenceEqual(MemoryMarshal.AsBytes<float>(second));

    private static float[][] VectorsOf(Answer answer)
    {
        using var document = JsonDocument.Parse(answer.Text);
        var values = document.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        return [.. values.Chunk(Width)];
    }
}
