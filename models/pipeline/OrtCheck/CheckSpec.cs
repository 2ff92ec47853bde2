using System.Text.Json;

namespace OrtCheck;

/// <summary>One input of the model: a file that holds all rows one after another, little-endian.</summary>
public sealed record InputSpec(string Name, string Datatype, int[] RowShape, string File)
{
    public int RowElements => RowShape.Aggregate(1, (product, size) => product * size);

    public int RowBytes => RowElements * (Datatype == "INT16" ? sizeof(short) : sizeof(float));
}

/// <summary>What to run: one model over rows, judged by one probability output under a confidence rule (<c>max</c> or <c>margin</c>).</summary>
/// <param name="Answers">CSV to write: a line per row with the class and the confidence.</param>
/// <param name="Labels">Text file with one class index per row.</param>
/// <param name="BatchSizes">Rows are answered again in batches of these sizes and must come out bit-equal.</param>
public sealed record CheckSpec(
    string Model, InputSpec[] Inputs, string Output, string Rule, string Labels, string Answers, int[] BatchSizes, int BatchRows, int LatencyRuns)
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static CheckSpec Read(string path) =>
        JsonSerializer.Deserialize<CheckSpec>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"{path} is empty");
}

/// <summary>What came out. Resident memory is the growth of a fresh process from before the session to after its runs.</summary>
public sealed record CheckReport(
    string Model, long Bytes, int Rows, double Accuracy, double MeanConfidence, bool BitEqualInBatch, int BatchRowsCompared,
    double LoadMs, double LatencyMedianMs, double LatencyP95Ms, double ResidentMib, string Runtime);
