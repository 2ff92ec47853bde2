namespace OrleansHybrid.Domain;

/// <content>Bounds of one ONNX graph, held before anything of it is loaded.</content>
public static partial class Limits
{
    /// <summary>Nodes of one ONNX graph, subgraphs and functions included. More: refused at load. The largest language models stay under 50,000.</summary>
    public const int GraphNodesMax = 500_000;

    /// <summary>Subgraphs (If, Loop, Scan) or function calls inside one another. Deeper: refused at load; ONNX's own parsers stop at 100 messages, real graphs at 5.</summary>
    public const int GraphDepthMax = 24;

    /// <summary>Named values (inputs, outputs, initializers, value types) of one ONNX graph, subgraphs included. More: refused at load.</summary>
    public const int GraphValuesMax = 1_000_000;

    /// <summary>Nodes looked at while types are traced through subgraphs and function calls, which can call one another again and again. More: refused at load.</summary>
    public const int GraphNodeVisitsMax = 2_000_000;

    /// <summary>Files that one graph keeps its weights in. More: refused at load.</summary>
    public const int GraphExternalFilesMax = 4096;

    /// <summary>Elements of an integer constant that are looked at to see whether it is a safe divisor. A larger one counts as unsafe.</summary>
    public const int GraphConstantElementsMax = 65_536;

    /// <summary>Bytes that all initializers of one graph may take, by their shapes. More: refused at load, before anything is allocated.</summary>
    public const long GraphInitializerBytesMax = 64L << 30;

    /// <summary>Refusals listed for one graph; the rest are counted.</summary>
    public const int GraphRefusalsMax = 32;
}
