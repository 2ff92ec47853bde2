using OrleansHybrid.Inference.Graph;

namespace OrleansHybrid.Inference.Repository;

/// <summary>The static scan of this project as a <see cref="ScanGraph"/>.</summary>
public static class OnnxScan
{
    public static GraphScan Scan(ReadOnlyMemory<byte> onnx)
    {
        var read = OnnxGraphReader.Read(onnx);
        if (read.Summary is not { } graph) return GraphScan.Refused(read.Errors);
        return new GraphScan(graph.Inputs, graph.Outputs, graph.ExternalFiles, GraphRules.Check(graph));
    }
}
