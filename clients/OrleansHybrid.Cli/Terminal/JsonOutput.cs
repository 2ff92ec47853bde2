using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>One JSON object on standard output, for scripts: <c>ok</c>, and the facts, or <c>reason</c> and <c>message</c>.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(CommandOutcome outcome)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Pretty)) Write(json, outcome);
        Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, CommandOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", outcome.ExitCode == ExitCodes.Ok);
        foreach (var fact in outcome.Facts)
        {
            json.WritePropertyName(fact.Name);
            JsonSerializer.Serialize(json, fact.Value, fact.Value.GetType());
        }

        if (outcome.Table is { } table)
        {
            json.WritePropertyName(table.Name);
            table.Json.WriteTo(json);
        }

        if (outcome.Reason.Length > 0)
        {
            json.WriteString("reason", outcome.Reason);
            json.WriteString("message", outcome.Message);
        }

        json.WriteEndObject();
    }
}
