namespace OrleansHybrid.Inference.Graph;

/// <summary>Operator domains that ONNX Runtime's own build brings.</summary>
internal static class Domains
{
    public const string Standard = "";
    public const string Microsoft = "com.microsoft";

    private static readonly HashSet<string> BuiltIn =
        [Standard, "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training", Microsoft, "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc"];

    /// <summary>The standard domain has two spellings.</summary>
    public static string Canonical(string domain) => domain == "ai.onnx" ? Standard : domain;

    public static bool IsBuiltIn(string domain) => BuiltIn.Contains(domain);

    /// <summary>For messages.</summary>
    public static string Display(string domain) => domain.Length == 0 ? "ai.onnx" : domain;
}
