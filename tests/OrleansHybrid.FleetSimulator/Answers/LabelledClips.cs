namespace OrleansHybrid.FleetSimulator.Answers;

/// <param name="Condition"><c>easy</c> or <c>hard</c>.</param>
/// <param name="Audio">One second: 16,000 samples, INT16, little-endian.</param>
public sealed record LabelledClip(string Label, string Condition, ReadOnlyMemory<byte> Audio);

/// <summary>The sample models' labelled clips of voices that training never heard.</summary>
public static class LabelledClips
{
    public const int Samples = 16_000;

    /// <param name="folder">With <c>evaluation.csv</c> and <c>evaluation.bin</c>.</param>
    public static IReadOnlyList<LabelledClip> Read(string folder)
    {
        const int clipBytes = Samples * sizeof(short);
        var audio = File.ReadAllBytes(Path.Combine(folder, "evaluation.bin"));
        return [.. File.ReadLines(Path.Combine(folder, "evaluation.csv")).Skip(1).Select(l => l.Split(',')).Select((row, i) => new LabelledClip(row[1], row[3], audio.AsMemory(i * clipBytes, clipBytes)))];
    }
}
