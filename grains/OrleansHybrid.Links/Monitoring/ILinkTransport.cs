namespace OrleansHybrid.Links.Monitoring;

/// <summary>One generation of connections to a server, given up as a whole.</summary>
public interface ILinkTransport : IDisposable
{
    /// <summary>Cancelled when this generation is given up.</summary>
    CancellationToken Broken { get; }

    /// <summary>Asks for a sign of life on a connection of its own. Never throws: a probe that was cancelled is one that got no answer.</summary>
    ValueTask<ProbeResult> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Cancels <see cref="Broken"/>: whoever waits goes on at once.</summary>
    void GiveUp();
}

/// <param name="RoundTrip">Null when nothing answered, and when the time contains the making of a connection and so says nothing of the link.</param>
public readonly record struct ProbeResult(bool Alive, TimeSpan? RoundTrip);
