using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>A request while it is read. It holds the leases of its inputs until it is disposed, whatever happened in between.</summary>
internal sealed class InferDraft : IDisposable
{
    public string? Id;
    public readonly List<InputDraft> Inputs = [];
    public readonly List<OutputWanted> Outputs = [];
    public readonly ParameterDraft Parameters = new();

    public InferenceFailure? AddInput(InputDraft input)
    {
        Inputs.Add(input);
        return Inputs.Count <= Limits.TensorsPerRequestMax ? null : Bad.Input($"The request has more than {Limits.TensorsPerRequestMax} inputs.");
    }

    /// <summary>The request once every input has its data.</summary>
    public InferenceRequest ToRequest(string id, string model, int? version, Caller caller, TimeSpan? transportTimeLeft)
    {
        var tensors = new Tensor[Inputs.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            var input = Inputs[i];
            tensors[i] = new Tensor(input.Name, input.DataType, input.Shape, input.Data!);
        }

        var wanted = Outputs.Count == 0 ? [] : new string[Outputs.Count];
        for (var i = 0; i < wanted.Length; i++) wanted[i] = Outputs[i].Name;
        return new InferenceRequest(
            id, model, version, tensors, wanted, Parameters.ToRoute(), caller, Parameters.TimeLeft(transportTimeLeft), Parameters.Priority);
    }

    /// <summary>Two inputs or outputs of one name are a mistake, whichever form the request has.</summary>
    public InferenceFailure? CheckNames()
    {
        for (var i = 0; i < Inputs.Count; i++)
        {
            for (var j = 0; j < i && Inputs.Count <= 16; j++)
            {
                if (Inputs[i].Name == Inputs[j].Name) return Bad.Input($"Input '{Inputs[i].Name}' is given twice.");
            }
        }

        if (Inputs.Count > 16 && Inputs.DistinctBy(i => i.Name).Count() != Inputs.Count) return Bad.Input("Two inputs have the same name.");
        return Outputs.Count > 1 && Outputs.DistinctBy(o => o.Name).Count() != Outputs.Count ? Bad.Input("Two outputs have the same name.") : null;
    }

    public OutputWanted? FindOutput(string name)
    {
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (Outputs[i].Name == name) return Outputs[i];
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input.Data?.Release();
            input.Data = null;
        }
    }
}
