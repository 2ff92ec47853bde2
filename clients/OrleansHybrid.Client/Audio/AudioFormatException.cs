namespace OrleansHybrid.Client;

/// <summary>Audio that cannot be read: what was expected, what came, what to do.</summary>
public sealed class AudioFormatException(string message) : FormatException(message);
