namespace OrleansHybrid.Client.Orleans;

/// <summary>The cell cannot be reached, or did not answer: what was tried and what to check.</summary>
public sealed class HybridClusterException(string message, Exception? cause = null) : Exception(message, cause);
