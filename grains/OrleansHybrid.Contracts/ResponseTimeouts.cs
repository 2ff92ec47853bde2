using OrleansHybrid.Domain;

namespace OrleansHybrid.Contracts;

/// <summary>How long callers wait for grains. Control calls keep the runtime's default.</summary>
public static class ResponseTimeouts
{
    /// <summary>
    /// The longest deadline that a request may have (<see cref="Limits.DeadlineMax"/>) and half a minute: the request loop gives its own answer at the
    /// deadline, so that this one passes only when a silo is gone or stuck. An attribute takes a constant; a test holds it to the bound.
    /// </summary>
    public const string Inference = "00:05:30";
}
