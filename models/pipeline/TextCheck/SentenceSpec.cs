using System.Text.Json;

namespace TextCheck;

/// <summary>What to run: one encoder over texts, each alone; then rows of tokens alone and in batches, which must come out bit-equal; then a timed loop.</summary>
/// <param name="Vectors">File to write: a vector for each text, float32 little-endian.</param>
/// <param name="Lengths">Tokens of the rows that are compared alone and in batches; they are made of the texts' tokens.</param>
/// <param name="LatencyTexts">The timed loop goes over the first so many texts.</param>
public sealed record SentenceSpec(
    string Model, string Vocabulary, bool LowerCase, int MaxTokens, string[] Texts, string Vectors, int[] Lengths, int[] BatchSizes, int LatencyRuns, int LatencyTexts)
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static SentenceSpec Read(string path) =>
        JsonSerializer.Deserialize<SentenceSpec>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"{path} is empty");
}

/// <summary>What came out.</summary>
/// <param name="Tokens">The ids of each text's tokens.</param>
/// <param name="Unequal">Batches (tokens × rows) that differed from their rows alone; empty when bit-equal.</param>
/// <param name="Compared">Rows that were run in batches.</param>
/// <param name="LatencyTokens">Tokens of a timed text on average.</param>
/// <param name="ResidentMib">Growth of a fresh process from before the session to after its runs.</param>
public sealed record SentenceReport(
    long Bytes, bool BitEqual, string[] Unequal, int Compared, double LoadMs, double LatencyMedianMs, double LatencyP95Ms, double LatencyTokens, double ResidentMib, string Runtime, int[][] Tokens);
