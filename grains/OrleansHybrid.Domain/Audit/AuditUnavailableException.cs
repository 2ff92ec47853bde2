namespace OrleansHybrid.Domain.Audit;

/// <summary>An entry was not written, or not known to be: the change that it stands for must not be made.</summary>
public sealed class AuditUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
