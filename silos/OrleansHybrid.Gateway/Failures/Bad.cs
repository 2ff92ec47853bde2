namespace OrleansHybrid.Gateway.Failures;

/// <summary>Short names for the failures that reading a request produces.</summary>
internal static class Bad
{
    public static InferenceFailure Input(string message) => new(FailureCode.BadInput, message);

    public static InferenceFailure TooLarge(long bytes) => new(
        FailureCode.TooLarge,
        $"The request has {bytes} bytes or more; at most {Limits.RequestBytesMax} are taken. Send fewer rows at once.");

    public static InferenceFailure Body(string what) => Input($"The request body {what}.");
}
