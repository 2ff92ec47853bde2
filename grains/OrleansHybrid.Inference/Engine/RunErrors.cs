using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Engine;

/// <summary>ONNX Runtime's error texts, reduced to what a caller can use: no file names, no signatures, no line numbers.</summary>
internal static partial class RunErrors
{
    public static InferenceFailure OfRun(Exception error) => error switch
    {
        RunFailedException => new InferenceFailure(FailureCode.ModelFailed, Sentence("The model failed", error.Message)),
        OnnxRuntimeException => new InferenceFailure(
            error.Message.Contains("ErrorCode:InvalidArgument", StringComparison.Ordinal) ? FailureCode.BadInput : FailureCode.ModelFailed,
            Sentence(Where(error.Message), Reason(error.Message))),
        _ => new InferenceFailure(FailureCode.Internal, "The engine failed on this request."),
    };

    public static string OfLoad(Exception error) => error is OnnxRuntimeException
        ? Sentence("ONNX Runtime refused the graph", Reason(error.Message))
        : "ONNX Runtime could not load the graph.";

    private static string Where(string text) => NodePattern().Match(text) is { Success: true } node
        ? $"The model failed on this input at its {node.Groups[1].Value} node"
        : "The model failed on this input";

    private static string Reason(string text)
    {
        text = CodePattern().Replace(text, "");
        var status = text.IndexOf("Status Message:", StringComparison.Ordinal);
        if (status >= 0) text = text[(status + "Status Message:".Length)..];
        text = NonZeroPattern().Replace(text, "");
        text = SourcePattern().Replace(text, "");
        text = PathPattern().Replace(text, "(file)");
        text = SpacePattern().Replace(text, " ").Trim(' ', '.', ':');
        return text.Length > Limits.ModelErrorCharsMax ? text[..Limits.ModelErrorCharsMax] + "…" : text;
    }

    private static string Sentence(string start, string reason) => reason.Length == 0 ? start + "." : $"{start}: {reason}.";

    [GeneratedRegex(@"while running (\w+) node")]
    private static partial Regex NodePattern();

    [GeneratedRegex(@"\[ErrorCode:\w+\]\s*")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"Non-zero status code returned while running \w+ node\.\s*Name:'[^']*'\s*")]
    private static partial Regex NonZeroPattern();

    /// <summary>A source file with its line, the function's signature, and the check that failed.</summary>
    [GeneratedRegex(@"\S+\.(cc|cpp|h|hpp|cu):\d+\s+(.*?\s(was false|was true)\.\s*|[^\n]*?\)(\s*const)?\s+)?", RegexOptions.Singleline)]
    private static partial Regex SourcePattern();

    [GeneratedRegex(@"(?<![\w])(/[^\s/'"",:]+){2,}/?|[A-Za-z]:\\\S+")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();
}
