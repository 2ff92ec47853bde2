namespace OrleansHybrid.Inference.Graph;

/// <summary>One graph as read: the main one, or the body of an If, Loop or Scan. Filled while reading, unchanged afterwards.</summary>
internal sealed class GraphScope
{
    public List<GraphNode> Nodes { get; } = [];

    public List<GraphTensor> Initializers { get; } = [];

    public List<GraphValue> Inputs { get; } = [];

    public List<GraphValue> Outputs { get; } = [];

    /// <summary>Types stated for values inside.</summary>
    public List<GraphValue> Inner { get; } = [];
}

/// <summary>One operator, or one call of a local function.</summary>
internal sealed record GraphNode(string Name, string Operator, string Domain, string Overload, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<GraphAttribute> Attributes)
{
    /// <summary>How messages name it.</summary>
    public string Label => Name.Length > 0 ? $"node '{Name}' ({Operator})" : $"a {Operator} node";

    public GraphAttribute? Find(string attribute) => Attributes.FirstOrDefault(a => a.Name == attribute);
}

/// <summary>An attribute that says something about types, or holds graphs; the others are not kept.</summary>
/// <param name="Reference">It takes the value of an attribute of the enclosing function.</param>
internal sealed record GraphAttribute(string Name, long Number, ValueFacts Value, IReadOnlyList<GraphScope> Graphs, bool Reference);

/// <summary>A weight.</summary>
/// <param name="Elements">By its shape; negative when the shape is impossible.</param>
/// <param name="StoredBytes">Bytes in the file.</param>
internal sealed record GraphTensor(string Name, ValueFacts Facts, long Elements, long StoredBytes, bool External);

/// <summary>A value with the type that the file states.</summary>
/// <param name="Kind">Null for a tensor, else the word for what it is, as "sequence".</param>
/// <param name="Dims">Null when the file states no shape.</param>
internal sealed record GraphValue(string Name, int ElementType, long[]? Dims, string? Kind);

/// <summary>A function that the file brings along.</summary>
internal sealed record GraphFunction(string Domain, string Name, string Overload, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<GraphNode> Nodes, bool HasGraphDefaults);
