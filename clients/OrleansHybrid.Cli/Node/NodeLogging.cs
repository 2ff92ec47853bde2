using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OrleansHybrid.Cli.Node;

/// <summary>Logs for an operator: one line each on standard error. Levels are turned up as everywhere in .NET, <c>Logging__LogLevel__Default=Debug</c> say.</summary>
internal static class NodeLogging
{
    private const string LevelVariables = "Logging__";

    public static ILoggerFactory Create(TimeProvider clock) => LoggerFactory.Create(logging =>
    {
        logging.Services.AddSingleton(clock);
        logging
            .AddConsole(o => (o.FormatterName, o.LogToStandardErrorThreshold) = (NodeLogLine.FormatterName, LogLevel.Trace))
            .AddConsoleFormatter<NodeLogLine, ConsoleFormatterOptions>()
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("OrleansHybrid", LogLevel.Information)
            // A failed start reaches the command as an exception, which it explains in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddConfiguration(new ConfigurationBuilder().AddEnvironmentVariables(LevelVariables).Build());
    });
}

/// <summary>Time in UTC, level, source, message. An exception follows in lines of its own when it comes with an error.</summary>
internal sealed class NodeLogLine(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "hybrid-node";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var source = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.Write($"{time} {LevelName(logEntry.LogLevel)} {source}: {logEntry.Formatter(logEntry.State, logEntry.Exception).ReplaceLineEndings(" ")}");
        if (logEntry.Exception is { } failed && logEntry.LogLevel >= LogLevel.Error) textWriter.Write("\n" + failed);
        else if (logEntry.Exception is { } told) textWriter.Write($" ({told.GetType().Name}: {told.Message.ReplaceLineEndings(" ")})");
        textWriter.WriteLine();
    }

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
