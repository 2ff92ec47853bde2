namespace OrleansHybrid.Silo.Start;

/// <summary>The process cannot start, for a reason outside the program: one clear line for whoever started it, with the remedy. Ends the process with code 1, without a stack.</summary>
internal sealed class StartFailure(string message) : Exception(message);
