using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>Several inputs of one model.</summary>
internal sealed class InputSet(IReadOnlyList<ModelInput> inputs) : ModelInput
{
    internal override InputBinding Bind(ModelManifest manifest, TensorPool pool)
    {
        var tensors = new List<Tensor>(inputs.Count);
        var refusal = Add(manifest, pool, tensors) ?? Missing(manifest, tensors);
        if (refusal is null) return InputBinding.Of(tensors);
        foreach (var tensor in tensors) tensor.Data.Release();
        return refusal.Value;
    }

    private InputBinding? Add(ModelManifest manifest, TensorPool pool, List<Tensor> tensors)
    {
        foreach (var input in inputs)
        {
            var bound = input.Bind(manifest, pool);
            if (bound.Failure is not null) return bound;
            tensors.AddRange(bound.Tensors!);
        }

        var twice = tensors.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? null : InputBinding.Refuse($"Input '{twice}' of '{manifest.Model}' was given twice. Give it once.");
    }

    private static InputBinding? Missing(ModelManifest manifest, List<Tensor> tensors)
    {
        var missing = manifest.Inputs.FirstOrDefault(i => tensors.TrueForAll(t => t.Name != i.Name));
        return missing is null ? null : InputBinding.Refuse($"Input {Describe(missing)} of '{manifest.Model}' is missing.");
    }
}
