namespace OrleansHybrid.Inference.Engine;

/// <summary>A run gave something that cannot be answered. Its message is for the caller; it never leaves the engine as an exception.</summary>
internal sealed class RunFailedException(string message) : Exception(message);
