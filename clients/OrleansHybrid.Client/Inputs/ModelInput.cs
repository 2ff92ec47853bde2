using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>What a caller gives a model. Made into tensors by the version's manifest, so names and shapes need be given only where they cannot be told.</summary>
/// <example><code>
/// await model.InferAsync(Wav.FromFile("yes.wav"));
/// await model.InferAsync(ModelInput.Of&lt;float&gt;(samples));                           // the only input; its one free dimension follows the length
/// await model.InferAsync(ModelInput.Text("first sentence", "second sentence"));
/// await model.InferAsync(ModelInput.All(ModelInput.Of&lt;long&gt;(ids).As("input_ids"), ModelInput.Of&lt;long&gt;(mask).As("attention_mask")));
/// </code></example>
public abstract class ModelInput
{
    /// <summary>The name of the input it is for; null: the model's only one.</summary>
    public string? Name { get; private set; }

    /// <summary>Numbers of the type that the input has, row by row; BF16 as the bits in <see cref="ushort"/>. The memory is copied when the call begins.</summary>
    /// <param name="shape">Empty: from the manifest and the number of elements.</param>
    public static ModelInput Of<T>(ReadOnlyMemory<T> elements, params ReadOnlySpan<long> shape) where T : unmanaged => new ElementsInput<T>(elements, shape.ToArray());

    public static ModelInput Of<T>(T[] elements, params ReadOnlySpan<long> shape) where T : unmanaged => Of<T>(elements.AsMemory(), shape);

    /// <summary>Bytes as the protocol's binary form has them: little-endian elements, or for BYTES each with a 4-byte length before it.</summary>
    public static ModelInput Raw(TensorDataType type, ReadOnlyMemory<byte> content, params ReadOnlySpan<long> shape) => new RawInput(type, content, shape.ToArray());

    /// <summary>Texts for a BYTES input, as UTF-8, one element each.</summary>
    public static ModelInput Text(params IReadOnlyList<string> texts) => new TextInput(texts);

    /// <summary>Several inputs, each with its name.</summary>
    public static ModelInput All(params IReadOnlyList<ModelInput> inputs) => new InputSet(inputs);

    /// <summary>The same for the input of that name.</summary>
    public ModelInput As(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var copy = (ModelInput)MemberwiseClone();
        copy.Name = name;
        return copy;
    }

    internal abstract InputBinding Bind(ModelManifest manifest, TensorPool pool);

    /// <summary>The input it is for, or what to say when that cannot be told.</summary>
    internal TensorSpec? Spec(ModelManifest manifest, out InputBinding refusal)
    {
        refusal = default;
        if (Name is null && manifest.Inputs.Count == 1) return manifest.Inputs[0];
        foreach (var input in manifest.Inputs)
        {
            if (input.Name == Name) return input;
        }

        var known = string.Join(", ", manifest.Inputs.Select(Describe));
        refusal = Name is null
            ? InputBinding.Refuse($"'{manifest.Model}' takes {manifest.Inputs.Count} inputs: {known}. Say which one this is for with As(\"name\"), and give them all with ModelInput.All(…).")
            : InputBinding.Refuse($"'{manifest.Model}' has no input '{Name}'. Its inputs are: {known}.");
        return null;
    }

    internal static string Describe(TensorSpec spec) => $"'{spec.Name}' {spec.DataType.WireName()} {spec.Shape}";
}
