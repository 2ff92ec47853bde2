namespace OrleansHybrid.Domain.Routing;

/// <summary>A version at a server that is reached over a link: a peer silo or an upstream.</summary>
public readonly record struct AboveKey(string Address, string Model, int Version);

/// <param name="MsP95">Time that the server lately took for an answer, its queue included and the link not, milliseconds.</param>
/// <param name="Samples">How many answers stand behind the figure.</param>
public readonly record struct AboveLoad(double MsP95, long Samples);
