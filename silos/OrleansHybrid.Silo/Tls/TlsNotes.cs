namespace OrleansHybrid.Silo.Tls;

/// <summary>What an operator should know of certificates. Kept until the cell has its log: certificates are read before there is one.</summary>
internal sealed partial class TlsNotes
{
    private readonly Lock gate = new();
    private readonly List<string> waiting = [];
    private ILogger? log;

    /// <summary>What was kept goes to the log, and all that follows.</summary>
    public void Attach(ILogger cellLog)
    {
        string[] kept;
        lock (gate)
        {
            log = cellLog;
            kept = [.. waiting];
            waiting.Clear();
        }

        foreach (var sentence in kept) LogWarning(cellLog, sentence);
    }

    /// <summary>A file was renewed, or changed into one that cannot be used.</summary>
    public void Changed(string sentence) => Warn(sentence);

    /// <summary>Somebody was not let in.</summary>
    public void Refused(string sentence) => Warn(sentence);

    public void Warn(string sentence)
    {
        ILogger? to;
        lock (gate)
        {
            to = log;
            if (to is null) waiting.Add(sentence);
        }

        if (to is not null) LogWarning(to, sentence);
    }

    [LoggerMessage(LogLevel.Warning, "{Sentence}")]
    private static partial void LogWarning(ILogger log, string sentence);
}
