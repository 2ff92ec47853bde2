using System.Text;
using System.Text.Unicode;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>What one scan of a file has counted, and its first error. Every parser returns false once there is one, so a scan ends at the first.</summary>
internal sealed class ScanState
{
    private int nodes;
    private int values;

    public string? Error { get; private set; }

    public List<ExternalDataRange> ExternalData { get; } = [];

    public Dictionary<(string Domain, string Name), int> Operators { get; } = [];

    public int Subgraphs { get; set; }

    public bool Fail(string message, string error)
    {
        Error ??= $"The ONNX file cannot be read: {error} (in {message}). Export it again, or fetch it again if it was damaged on its way.";
        return false;
    }

    /// <summary>Ends a message: true when its reader reached the end without an error.</summary>
    public bool Finish(scoped in WireReader reader, string message) => Error is null && (reader.Error is null || Fail(message, reader.Error));

    /// <summary>
    /// Whether a field has the wire type it must have and, when it may occur once only, is new. Protobuf would take the last of two, or merge them, or skip a wrong type;
    /// no exporter writes such files, so all three are refused instead of guessed.
    /// </summary>
    public bool Once(scoped in WireReader reader, WireType expected, ref ulong seen, string message)
    {
        if (!Is(reader, expected, message)) return false;
        var bit = 1UL << reader.Field;
        if ((seen & bit) != 0) return Fail(message, $"field {reader.Field} may occur once and occurs again");
        seen |= bit;
        return true;
    }

    public bool Is(scoped in WireReader reader, WireType expected, string message) =>
        reader.Type == expected || Fail(message, $"field {reader.Field} has the wrong wire type");

    /// <summary>A name; invalid UTF-8 is an error, because two such names could look like one.</summary>
    public bool Text(ReadOnlySpan<byte> utf8, string message, out string text)
    {
        text = "";
        if (!Utf8.IsValid(utf8)) return Fail(message, "a name is not valid UTF-8");
        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    public bool CountNode(string domain, string name)
    {
        if (++nodes > Limits.GraphNodesMax) return Fail("GraphProto", $"it has more than {Limits.GraphNodesMax} nodes");
        var key = (domain, name);
        Operators[key] = Operators.GetValueOrDefault(key) + 1;
        return true;
    }

    public bool CountValue() => ++values <= Limits.GraphValuesMax || Fail("GraphProto", $"it names more than {Limits.GraphValuesMax} values");
}
