namespace OrleansHybrid.Domain;

/// <summary>An expected failure: one code per stage and party. Never carries a path, a stack or payload.</summary>
/// <param name="Message">For the caller: what was expected, what came, what to do.</param>
/// <param name="RetryAfter">Set where trying again later can help.</param>
[GenerateSerializer, Immutable, Alias("hybrid.failure")]
public sealed record InferenceFailure(
    [property: Id(0)] FailureCode Code,
    [property: Id(1)] string Message,
    [property: Id(2)] TimeSpan? RetryAfter = null);

/// <summary>What failed, and by whose fault. The gateway maps each to one HTTP and one gRPC status.</summary>
public enum FailureCode
{
    /// <summary>No model of that name (404, NOT_FOUND).</summary>
    ModelNotFound,

    /// <summary>The model has no such version (404, NOT_FOUND).</summary>
    VersionNotFound,

    /// <summary>Known but not loaded or not warm yet (503, UNAVAILABLE).</summary>
    ModelNotReady,

    /// <summary>Wrong tensor, shape, type, parameter or body (400, INVALID_ARGUMENT).</summary>
    BadInput,

    /// <summary>A body or tensor over its bound (413, RESOURCE_EXHAUSTED).</summary>
    TooLarge,

    /// <summary>The queue is full or the caller's quota is used up (429, RESOURCE_EXHAUSTED).</summary>
    Overloaded,

    /// <summary>The deadline passed (504, DEADLINE_EXCEEDED).</summary>
    DeadlineExceeded,

    /// <summary>The caller went away or cancelled (499, CANCELLED).</summary>
    Cancelled,

    /// <summary>The ceiling forbids every zone from which the request can be answered (403, PERMISSION_DENIED).</summary>
    PrivacyRefused,

    /// <summary>Mode, memory, cost or quota leave no zone (422 → 503 where retrying helps; FAILED_PRECONDITION).</summary>
    NoEligibleZone,

    /// <summary>The upstream could not be reached or broke off (503, UNAVAILABLE).</summary>
    UpstreamUnavailable,

    /// <summary>The upstream answered with an error of its own (502, ABORTED).</summary>
    UpstreamRejected,

    /// <summary>The model's graph failed on this input (400 when the input is the cause, else 500).</summary>
    ModelFailed,

    /// <summary>No or a wrong credential (401, UNAUTHENTICATED).</summary>
    Unauthenticated,

    /// <summary>A credential without the role (403, PERMISSION_DENIED).</summary>
    Forbidden,

    /// <summary>The server is stopping (503, UNAVAILABLE).</summary>
    ShuttingDown,

    /// <summary>A bug (500, INTERNAL).</summary>
    Internal,
}
