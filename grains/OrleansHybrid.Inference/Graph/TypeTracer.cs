using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Follows element types and constants through a graph, its subgraphs and the local functions it calls, and shows each node to a check.</summary>
/// <remarks>
/// Errs on the side of not knowing. A function is followed at each call with what that call gives it. Visits are bounded by <see cref="Limits.GraphNodeVisitsMax"/> and depth by
/// <see cref="Limits.GraphDepthMax"/>: functions can call one another, and a small file can ask for 2^n visits.
/// </remarks>
internal sealed class TypeTracer(IReadOnlyList<GraphFunction> functions, Action<GraphNode, ValueFacts[]> check)
{
    private readonly Dictionary<(string, string, string), GraphFunction> functions =
        functions.GroupBy(f => (f.Domain, f.Name, f.Overload)).ToDictionary(g => g.Key, g => g.First());

    private int visits;

    /// <summary>Null, or why the trace stopped before the end.</summary>
    public string? GaveUp { get; private set; }

    public void Trace(GraphScope main) => Body(main, new TypeScope(null), [], 0);

    private ValueFacts[] Body(GraphScope scope, TypeScope types, ReadOnlySpan<ValueFacts> arguments, int depth)
    {
        for (var i = 0; i < scope.Inputs.Count && i < arguments.Length; i++) types.Define(scope.Inputs[i].Name, arguments[i].WithoutConstant());
        foreach (var value in scope.Inputs.Concat(scope.Outputs).Concat(scope.Inner)) types.State(value.Name, value.Kind is null ? value.ElementType : ElementTypes.Conflict);
        foreach (var weight in scope.Initializers) types.Define(weight.Name, weight.Facts);
        Nodes(scope.Nodes, types, depth);
        return [.. scope.Outputs.Select(o => types.Find(o.Name).WithoutConstant())];
    }

    private void Nodes(IReadOnlyList<GraphNode> nodes, TypeScope types, int depth)
    {
        foreach (var node in nodes)
        {
            if (GaveUp is not null) return;
            if (++visits > Limits.GraphNodeVisitsMax) GaveUp = $"functions call one another more than {Limits.GraphNodeVisitsMax} times";
            else Visit(node, types, depth);
        }
    }

    private void Visit(GraphNode node, TypeScope types, int depth)
    {
        var inputs = node.Inputs.Select(types.Find).ToArray();
        check(node, inputs);
        var outputs = functions.TryGetValue((node.Domain, node.Operator, node.Overload), out var function)
            ? Call(function, inputs, depth + 1)
            : Subgraphs(node, inputs, types, depth + 1);
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            types.Define(node.Outputs[i], outputs is null ? OperatorTypes.Of(node, i, inputs) : i < outputs.Length ? outputs[i] : ValueFacts.Unknown);
        }
    }

    private ValueFacts[] Call(GraphFunction function, ValueFacts[] arguments, int depth)
    {
        if (TooDeep(depth)) return [];
        var types = new TypeScope(null);
        for (var i = 0; i < function.Inputs.Count; i++) types.Define(function.Inputs[i], i < arguments.Length ? arguments[i] : ValueFacts.Unknown);
        Nodes(function.Nodes, types, depth);
        return [.. function.Outputs.Select(types.Find)];
    }

    /// <summary>The outputs of a node with subgraphs; null for one without.</summary>
    private ValueFacts[]? Subgraphs(GraphNode node, ValueFacts[] inputs, TypeScope types, int depth)
    {
        ValueFacts[]? result = null;
        foreach (var body in node.Attributes.SelectMany(a => a.Graphs))
        {
            if (TooDeep(depth)) return [];
            var outputs = Body(body, new TypeScope(types), BodyArguments(node, inputs), depth);
            result = result is null ? outputs : Merge(result, outputs);
        }

        return result is null ? null : node is { Domain: Domains.Standard, Operator: "Loop" } ? result.Skip(1).ToArray() : node is { Domain: Domains.Standard, Operator: "If" or "Scan" } ? result : [];
    }

    /// <summary>A Loop's body gets its number, its condition, then the carried values; a Scan's gets what the node gets.</summary>
    private static ReadOnlySpan<ValueFacts> BodyArguments(GraphNode node, ValueFacts[] inputs) => node.Operator switch
    {
        "Loop" => (ValueFacts[])[new(ElementTypes.Int64), new(ElementTypes.Bool), .. inputs.Skip(2)],
        "Scan" => inputs,
        _ => [],
    };

    private static ValueFacts[] Merge(ValueFacts[] first, ValueFacts[] second)
    {
        // Either branch may be the one that runs: only what both say holds.
        var merged = new ValueFacts[Math.Min(first.Length, second.Length)];
        for (var i = 0; i < merged.Length; i++) merged[i] = first[i].ElementType == second[i].ElementType ? first[i] : ValueFacts.Unknown;
        return merged;
    }

    private bool TooDeep(int depth)
    {
        if (depth > Limits.GraphDepthMax) GaveUp ??= $"subgraphs or functions are nested more than {Limits.GraphDepthMax} deep";
        return GaveUp is not null;
    }
}
