namespace OrleansHybrid.Links.Monitoring;

/// <summary>One generation of connections to a server, given up as a whole.</summary>
public interface ILinkTransport : IDisposable
{
    /// <summary>Cancelled when this generation is given up.</summary>
    CancellationToken Broken { get; }

    /// <summary>Asks for a sign of life on a connection of its own. Null: none came, and the token or the transport says why.</summary>
    /// <returns>The round trip; zero when it contains the making of a connection and so says nothing of the link.</returns>
    ValueTask<TimeSpan?> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Cancels <see cref="Broken"/>: whoever waits goes on at once.</summary>
    void GiveUp();
}
