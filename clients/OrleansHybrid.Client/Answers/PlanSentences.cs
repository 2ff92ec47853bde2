using System.Text.Json;

namespace OrleansHybrid.Client;

/// <summary>The sentences of an explained plan, for people: one a zone, then one an attempt.</summary>
internal static class PlanSentences
{
    public static IReadOnlyList<string> Read(string? plan)
    {
        if (plan is null) return [];
        using var document = JsonDocument.Parse(plan);
        var root = document.RootElement;
        var sentences = new List<string>();
        foreach (var zone in root.GetProperty("zones").EnumerateArray()) sentences.Add($"{Text(zone, "zone")} ({Text(zone, "verdict")}, rule {Text(zone, "rule")}): {Text(zone, "sentence")}");
        foreach (var attempt in root.GetProperty("attempts").EnumerateArray()) sentences.Add(Text(attempt, "sentence"));
        if (root.TryGetProperty("refusal", out var refusal)) sentences.Add(refusal.GetString() ?? "");
        return sentences;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
