namespace OrleansHybrid.Gateway.Infer;

/// <summary>One output that the request names.</summary>
internal sealed class OutputWanted
{
    public string Name = "";

    /// <summary>Null: as the request's <c>binary_data_output</c> says.</summary>
    public bool? Binary;

    /// <summary>The classification extension's k; 0: the tensor itself.</summary>
    public int Classes;
}
