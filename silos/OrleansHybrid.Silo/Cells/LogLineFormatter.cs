using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace OrleansHybrid.Silo.Cells;

/// <summary>One line a log entry: time in UTC, level, cell, source, message. An exception follows in its own lines when it comes with an error.</summary>
internal sealed class LogLineFormatter(IOptionsMonitor<LogLineOptions> options, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "hybrid";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        if (IsOrdinary(entry.Category, message)) return;
        var time = clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        textWriter.Write($"{time} {LevelName(entry.LogLevel)} {options.CurrentValue.Cell,-8} {Short(entry.Category)}: {OneLine(message)}");
        if (entry.Exception is { } exception) WriteException(entry.LogLevel, exception, textWriter);
        textWriter.WriteLine();
    }

    private static void WriteException(LogLevel level, Exception exception, TextWriter output)
    {
        if (level >= LogLevel.Error)
        {
            output.WriteLine();
            output.Write(exception);
        }
        else
        {
            output.Write($" ({exception.GetType().Name}: {OneLine(exception.Message)})");
        }
    }

    /// <summary>A silo that finds its own row of before: every start after the first. A formatter that writes nothing leaves no line.</summary>
    private static bool IsOrdinary(string category, string message) =>
        category.EndsWith(".MembershipTableManager", StringComparison.Ordinal) && message.Contains(" restarted on same host ", StringComparison.Ordinal);

    private static string Short(string category) => category[(category.LastIndexOf('.') + 1)..];

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
