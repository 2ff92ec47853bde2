namespace OrleansHybrid.Inference.Graph;

/// <summary>What is known of the values of one graph while its types are traced; a subgraph also sees those of the graph around it.</summary>
internal sealed class TypeScope(TypeScope? outer)
{
    private readonly Dictionary<string, ValueFacts> traced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> stated = new(StringComparer.Ordinal);

    /// <summary>A fact that follows from the graph. A second one for the same name must agree, else nothing is concluded.</summary>
    public void Define(string name, ValueFacts facts)
    {
        if (name.Length == 0) return;
        traced[name] = traced.TryGetValue(name, out var before) ? before.Merge(facts) : facts;
    }

    /// <summary>What the file states of a value, which ONNX Runtime checks against what it infers: counts only where nothing was traced.</summary>
    public void State(string name, int elementType) =>
        stated[name] = stated.TryGetValue(name, out var before) ? ElementTypes.Merge(before, elementType) : elementType;

    public ValueFacts Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            var known = scope.traced.TryGetValue(name, out var facts);
            if (scope.stated.TryGetValue(name, out var type)) return facts with { ElementType = ElementTypes.Merge(facts.ElementType, type) };
            if (known) return facts;
        }

        return ValueFacts.Unknown;
    }

    private TypeScope? Outer { get; } = outer;
}
