using Microsoft.Extensions.Logging.Console;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Cells;

/// <summary>Logs for an operator: one line each on standard error, with the cell's name; standard output is left to the start table.</summary>
internal static class CellLogging
{
    /// <summary>The rest of a variable's name is <c>LogLevel__</c> and a category, as everywhere in .NET.</summary>
    private const string LevelVariables = "Logging__";

    public static WebApplicationBuilder AddCellLogging(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Logging
            .AddConsole(o => (o.FormatterName, o.LogToStandardErrorThreshold) = (LogLineFormatter.FormatterName, LogLevel.Trace))
            .AddConsoleFormatter<LogLineFormatter, LogLineOptions>(o => o.Cell = cell.Cell)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("OrleansHybrid", LogLevel.Information)
            // A failed start reaches the program as an exception, which it explains in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // A busy machine, not a fault: one line for each turn that took long.
            .AddFilter("Orleans.Runtime.Scheduler.WorkItemGroup", LogLevel.Error)
            // It compares the machine's uptime with its own first tick and warns at every start.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            // Last, so that it wins: whoever looks for a fault turns levels up by category, Logging__LogLevel__Default=Debug say.
            .AddConfiguration(new ConfigurationBuilder().AddEnvironmentVariables(LevelVariables).Build());
        return builder;
    }
}

internal sealed class LogLineOptions : ConsoleFormatterOptions
{
    public string Cell { get; set; } = "";
}
