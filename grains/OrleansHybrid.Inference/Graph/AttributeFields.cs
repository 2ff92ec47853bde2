namespace OrleansHybrid.Inference.Graph;

/// <summary>The fields of an attribute while it is read.</summary>
internal sealed class AttributeFields
{
    /// <summary>Attributes that state a type, or are the value of a Constant.</summary>
    private static readonly HashSet<string> Interesting =
        ["to", "dtype", "output_dtype", "value", "value_int", "value_ints", "value_float", "value_floats", "value_string", "value_strings", "sparse_value"];

    private IntegerCollector integers = new();

    public ulong Seen;
    public string Name = "";

    public long Number { get; private set; }

    public ValueFacts Value { get; set; }

    public List<GraphScope> Graphs { get; } = [];

    public bool Reference { get; set; }

    public bool IsInteresting => Graphs.Count > 0 || Reference || Interesting.Contains(Name);

    public void SetInteger(long value)
    {
        Number = value;
        AddInteger(value);
    }

    public void AddInteger(long value)
    {
        integers.Add(value);
        Value = new ValueFacts(ElementTypes.Int64, integers.Range);
    }
}
