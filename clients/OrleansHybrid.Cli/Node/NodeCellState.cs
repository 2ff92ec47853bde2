using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Cli.Node;

/// <summary>How the node stands with its cell, from its check-ins. Each change is logged once.</summary>
internal sealed partial class NodeCellState(string cell, TimeProvider clock, ILogger<NodeCellState> log)
{
    private readonly Lock gate = new();
    private InferenceFailure? failure;
    private long answeredAt;
    private bool answered;

    /// <summary>Why the last check-in was not taken; null: it was, or there was none yet.</summary>
    public string? Problem
    {
        get { lock (gate) return failure?.Message; }
    }

    /// <summary>Since the cell last took a check-in of this run; null: not yet.</summary>
    public TimeSpan? Age
    {
        get { lock (gate) return answered ? clock.GetElapsedTime(answeredAt) : null; }
    }

    /// <summary>One word: what an operator looks for first.</summary>
    public string Word
    {
        get
        {
            lock (gate)
            {
                if (failure is { } why) return IsRefusal(why) ? "refused" : "unreachable";
                return answered ? "reported" : "starting";
            }
        }
    }

    public void Answered()
    {
        lock (gate)
        {
            if (!answered || failure is not null) LogAnswered(log, cell);
            (answered, answeredAt, failure) = (true, clock.GetTimestamp(), null);
        }
    }

    public void Failed(InferenceFailure why)
    {
        lock (gate)
        {
            if (failure?.Message != why.Message)
            {
                if (IsRefusal(why)) LogRefused(log, cell, why.Message);
                else LogUnreachable(log, cell, why.Message);
            }

            failure = why;
        }
    }

    private static bool IsRefusal(InferenceFailure why) => why.Code is FailureCode.Unauthenticated or FailureCode.Forbidden or FailureCode.BadInput;

    [LoggerMessage(LogLevel.Information, "The cell {Cell} takes this node's check-ins.")]
    private static partial void LogAnswered(ILogger log, string cell);

    [LoggerMessage(LogLevel.Error, "The cell {Cell} refuses this node: {Reason} The node goes on serving what it has.")]
    private static partial void LogRefused(ILogger log, string cell, string reason);

    [LoggerMessage(LogLevel.Warning, "The cell {Cell} does not take check-ins: {Reason} The node goes on serving what it has, and calls again.")]
    private static partial void LogUnreachable(ILogger log, string cell, string reason);
}
