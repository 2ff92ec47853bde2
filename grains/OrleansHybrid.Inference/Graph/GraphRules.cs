using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>What a graph may not do in a process that serves others. Pure; every refusal is a sentence with the reason and the remedy.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="number">
/// <item>An integer Div or Mod needs a divisor that is a constant without 0 and -1: dividing by 0, or the smallest integer by -1, ends the process. What cannot be proven to be floating point counts as integer.</item>
/// <item>Weights outside the file lie beside it: a plain file name, no folders.</item>
/// <item>Operators come from the domains that ONNX Runtime brings, or from functions in the file, which may not pass for one of those.</item>
/// <item>Inputs and outputs are tensors the protocol can carry, and sizes keep to <see cref="Limits"/>.</item>
/// </list>
/// </remarks>
public static class GraphRules
{
    /// <summary>Every refusal, up to <see cref="Limits.GraphRefusalsMax"/>; empty: the graph may be loaded.</summary>
    public static IReadOnlyList<string> Check(OnnxGraphSummary graph)
    {
        var refusals = new RefusalList();
        refusals.AddRange(graph.Unsupported);
        CheckSizes(graph, refusals);
        foreach (var range in graph.ExternalData) CheckExternal(range, refusals);
        CheckOperators(graph, refusals);
        CheckDivisors(graph, refusals);
        return refusals.Finish();
    }

    /// <summary>Whether an external file's name stays in the model's folder.</summary>
    public static bool IsPlainFileName(string name) =>
        name.Length is > 0 and <= Limits.NameCharsMax && name is not ("." or "..") && !name.AsSpan().ContainsAny("/\\:") && !name.Any(char.IsControl);

    private static void CheckSizes(OnnxGraphSummary graph, RefusalList refusals)
    {
        if (graph.Inputs.Count > Limits.TensorsPerRequestMax || graph.Outputs.Count > Limits.TensorsPerRequestMax)
            refusals.Add($"The graph has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs; {Limits.TensorsPerRequestMax} of each is the most that is served.");
        if (graph.Outputs.Count == 0 && graph.Unsupported.Count == 0) refusals.Add("The graph has no outputs.");
        if (graph.InitializerBytes > Limits.GraphInitializerBytesMax)
            refusals.Add($"The graph's weights take {graph.InitializerBytes >> 20} MiB by their shapes; {Limits.GraphInitializerBytesMax >> 20} MiB is the most that is loaded.");
        if (graph.ExternalFiles.Count > Limits.GraphExternalFilesMax)
            refusals.Add($"The graph keeps its weights in {graph.ExternalFiles.Count} files; {Limits.GraphExternalFilesMax} is the most.");
        foreach (var tensor in graph.Inputs.Concat(graph.Outputs).Where(t => t.Name.Length is 0 or > Limits.NameCharsMax))
            refusals.Add($"A tensor's name has {tensor.Name.Length} characters; 1 to {Limits.NameCharsMax} can be asked for.");
    }

    private static void CheckExternal(ExternalDataRange range, RefusalList refusals)
    {
        if (!IsPlainFileName(range.Location))
            refusals.Add($"Weight '{range.Tensor}' lies in an external file that is not a plain name in the model's own folder. Save the model with its external data beside it.");
        else if (range.Length is { } length && range.Offset > long.MaxValue - length)
            refusals.Add($"Weight '{range.Tensor}' lies past the end of any file ({range.Location}, offset {range.Offset}).");
    }

    private static void CheckOperators(OnnxGraphSummary graph, RefusalList refusals)
    {
        var local = graph.LocalFunctions.Select(f => (f.Domain, f.Name)).ToHashSet();
        foreach (var use in graph.Operators)
        {
            if (local.Contains((use.Domain, use.Name))) continue;
            if (!Domains.IsBuiltIn(use.Domain))
                refusals.Add($"Operator {Domains.Display(use.Domain)}:{use.Name} is not one that ONNX Runtime brings. Export the model with standard operators.");
            else if (use.Name == "EPContext")
                refusals.Add("The graph was compiled for an accelerator (EPContext). Serve the graph it was compiled from.");
        }

        foreach (var function in graph.LocalFunctions)
        {
            if (Domains.IsBuiltIn(function.Domain))
                refusals.Add($"Function {Domains.Display(function.Domain)}:{function.Name} of the file takes a built-in operator's domain. Give it a domain of its own, or inline it.");
            if (function.HasGraphDefaults)
                refusals.Add($"Function {function.Domain}:{function.Name} has a graph as the default of an attribute. Inline it.");
        }

        foreach (var twice in graph.LocalFunctions.GroupBy(f => (f.Domain, f.Name, f.Overload)).Where(g => g.Count() > 1))
            refusals.Add($"Function {twice.Key.Domain}:{twice.Key.Name} is given {twice.Count()} times. Keep one.");
    }

    private static void CheckDivisors(OnnxGraphSummary graph, RefusalList refusals)
    {
        var local = graph.LocalFunctions.Select(f => (f.Domain, f.Name)).ToHashSet();
        var tracer = new TypeTracer(graph.LocalFunctions, Look);
        tracer.Trace(graph.Main);
        if (tracer.GaveUp is { } reason) refusals.Add($"The graph cannot be checked: {reason}. Inline its functions.");

        void Look(GraphNode node, ValueFacts[] inputs)
        {
            if (local.Contains((node.Domain, node.Operator)))
            {
                if (node.Attributes.Any(a => a.Graphs.Count > 0)) refusals.Add($"{Sentence(node)} hands a graph to a function. Inline the function.");
            }
            else if (node is { Domain: Domains.Standard, Operator: "Div" or "Mod" } && !IsSafeDivision(inputs))
            {
                refusals.Add(Unsafe(node, inputs));
            }
        }
    }

    private static bool IsSafeDivision(ValueFacts[] inputs)
    {
        if (inputs.Length == 2 && inputs[1].Constant is { IsSafeDivisor: true }) return true;
        var type = inputs.Aggregate(ElementTypes.Unknown, (type, input) => ElementTypes.Merge(type, input.ElementType));
        return ElementTypes.IsFloat(type);
    }

    private static string Unsafe(GraphNode node, ValueFacts[] inputs)
    {
        var integer = inputs.Any(i => ElementTypes.IsInteger(i.ElementType));
        var what = integer ? "divides integers" : "may divide integers (its element type cannot be traced)";
        var why = inputs.Length == 2 && inputs[1].Constant is not null ? "whose constant divisor holds 0 or -1" : "by a divisor that is not a constant";
        return $"{Sentence(node)} {what} {why}: dividing by 0, or the smallest integer by -1, ends the serving process. Divide by a constant other than 0 and -1, or cast to a float type first.";
    }

    private static string Sentence(GraphNode node) => char.ToUpperInvariant(node.Label[0]) + node.Label[1..];
}
