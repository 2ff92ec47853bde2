using System.Globalization;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Tls;

/// <summary>What an operator should know of certificates. Kept until the cell has its log: certificates are read before there is one.</summary>
/// <remarks>Strangers cause refusals, as many as they like and with subjects that they wrote: what is told of them is bounded in number and length, and is one line each.</remarks>
internal sealed partial class TlsNotes(TimeProvider clock)
{
    private const int LastMax = 20;
    private const int CharsMax = 1000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly List<string> waiting = [];
    private readonly Queue<string> last = [];
    private long minuteBegan = clock.GetTimestamp();
    private long refusals;
    private ILogger? log;

    /// <summary>The most recent of them, oldest first.</summary>
    public IReadOnlyList<string> Last
    {
        get { lock (gate) return [.. last]; }
    }

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

    /// <summary>Somebody was not let in. The first of a minute are told; how many more there were is told with the next that is.</summary>
    public void Refused(string sentence)
    {
        long untold = 0;
        lock (gate)
        {
            if (clock.GetElapsedTime(minuteBegan) >= Minute)
            {
                untold = Math.Max(0, refusals - Limits.HandshakeRefusalsToldMax);
                (minuteBegan, refusals) = (clock.GetTimestamp(), 0);
            }

            if (++refusals > Limits.HandshakeRefusalsToldMax) return;
        }

        Warn(sentence + (untold > 0 ? string.Create(CultureInfo.InvariantCulture, $" Before that {untold} more were refused that the log did not tell of.") : ""));
    }

    public void Warn(string sentence)
    {
        var line = OneLine(sentence);
        ILogger? to;
        lock (gate)
        {
            if (last.Count == LastMax) last.Dequeue();
            last.Enqueue(line);
            to = log;
            if (to is null) waiting.Add(line);
        }

        if (to is not null) LogWarning(to, line);
    }

    private static string OneLine(string text)
    {
        var line = string.Concat(text.Take(CharsMax).Select(static c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
        return text.Length <= CharsMax ? line : line + "…";
    }

    [LoggerMessage(LogLevel.Warning, "{Sentence}")]
    private static partial void LogWarning(ILogger log, string sentence);
}
