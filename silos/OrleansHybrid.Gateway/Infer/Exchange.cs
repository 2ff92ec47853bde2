namespace OrleansHybrid.Gateway.Infer;

/// <summary>What the metrics are told of one request at its end.</summary>
internal sealed class Exchange
{
    public string Model = "";
    public int Version;
    public FailureCode? Failure;
    public long Received, Sent;
}
