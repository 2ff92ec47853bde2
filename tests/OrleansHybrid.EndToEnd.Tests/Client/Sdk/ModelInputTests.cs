using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>What a caller gives becomes tensors by the manifest, or a sentence that says what does not fit.</summary>
public sealed class ModelInputTests
{
    private readonly TensorPool pool = new();

    [Fact]
    public void Every_number_type_is_taken_by_the_datatype_of_the_same_size_and_kind()
    {
        Fits<bool>(TensorDataType.Bool);
        Fits<byte>(TensorDataType.Uint8);
        Fits<ushort>(TensorDataType.Uint16);
        Fits<uint>(TensorDataType.Uint32);
        Fits<ulong>(TensorDataType.Uint64);
        Fits<sbyte>(TensorDataType.Int8);
        Fits<short>(TensorDataType.Int16);
        Fits<int>(TensorDataType.Int32);
        Fits<long>(TensorDataType.Int64);
        Fits<Half>(TensorDataType.Fp16);
        Fits<ushort>(TensorDataType.Bf16);
        Fits<float>(TensorDataType.Fp32);
        Fits<double>(TensorDataType.Fp64);
        Assert.Contains("FP32; Double came. Use Single.", Refused(ModelInput.Of<double>([1, 2]), Spec(TensorDataType.Fp32, -1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_follows_the_number_of_elements_where_one_dimension_is_free()
    {
        Assert.Equal(new TensorShape(2, 3), Shape(ModelInput.Of<float>(new float[6]), Spec(TensorDataType.Fp32, -1, 3)));
        Assert.Equal(new TensorShape(1, 3), Shape(ModelInput.Of<float>(new float[3]), Spec(TensorDataType.Fp32, 1, 3)));
        Assert.Equal(new TensorShape(2, 3), Shape(ModelInput.Of<float>(new float[6], 2, 3), Spec(TensorDataType.Fp32, -1, -1)));
        Assert.Equal(new TensorShape(2, 1), Shape(ModelInput.Text("a", "b"), Spec(TensorDataType.Bytes, -1, 1)));
        Assert.Equal(new TensorShape(2, 1), Shape(ModelInput.Text("a", "b"), Spec(TensorDataType.Bytes, -1, -1)));
        Assert.Contains("no whole number of rows", Refused(ModelInput.Of<float>(new float[5]), Spec(TensorDataType.Fp32, -1, 3)), StringComparison.Ordinal);
        Assert.Contains("Give the shape", Refused(ModelInput.Of<float>(new float[6]), Spec(TensorDataType.Fp32, -1, -1)), StringComparison.Ordinal);
        Assert.Contains("takes the shape [-1,3]; [3,2] came", Refused(ModelInput.Of<float>(new float[6], 3, 2), Spec(TensorDataType.Fp32, -1, 3)), StringComparison.Ordinal);
        Assert.Contains("takes 6 elements; 5 came", Refused(ModelInput.Of<float>(new float[5], 2, 3), Spec(TensorDataType.Fp32, -1, 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_inputs_need_their_names_and_each_once()
    {
        TensorSpec[] two = [new("ids", TensorDataType.Int64, new TensorShape(-1)), new("mask", TensorDataType.Int64, new TensorShape(-1))];
        var ids = ModelInput.Of<long>([1, 2]);

        Assert.Equal(["ids", "mask"], Bound(ModelInput.All(ids.As("ids"), ids.As("mask")), two).Select(t => t.Name));
        Assert.Contains("Say which one", Refused(ids, two), StringComparison.Ordinal);
        Assert.Contains("'mask' INT64 [-1] of 'toy' is missing", Refused(ModelInput.All(ids.As("ids")), two), StringComparison.Ordinal);
        Assert.Contains("given twice", Refused(ModelInput.All(ids.As("ids"), ids.As("ids")), two), StringComparison.Ordinal);
        Assert.Contains("no input 'maks'", Refused(ids.As("maks"), two), StringComparison.Ordinal);
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void Shorter_sound_is_followed_by_silence_and_longer_sound_is_refused()
    {
        var spec = Spec(TensorDataType.Int16, -1, 4);

        Assert.Equal([16384, -32768, 0, 0], Elements<short>(AudioClip.FromPcm([0.5f, -1f], 16_000), spec));
        Assert.Contains("takes 4 samples; the clip has 5", Refused(AudioClip.FromPcm(new float[5], 16_000), spec), StringComparison.Ordinal);
        Assert.Contains("INT16 and FP32 inputs alone", Refused(AudioClip.FromPcm(new float[5], 16_000), Spec(TensorDataType.Int32, -1)), StringComparison.Ordinal);
        Assert.Equal([0.5f, -1f], Elements<float>(AudioClip.FromPcm([0.5f, -1f], 16_000), Spec(TensorDataType.Fp32, -1)));
    }

    [Fact]
    public void Texts_travel_as_the_protocol_has_them()
    {
        var spec = Spec(TensorDataType.Bytes, -1);

        Assert.Equal([1, 0, 0, 0, (byte)'a', 0, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA9], Elements<byte>(ModelInput.Text("a", "", "é"), spec));
        Assert.Contains("not text (BYTES)", Refused(ModelInput.Text("a"), Spec(TensorDataType.Fp32, -1)), StringComparison.Ordinal);
        Assert.Contains("ModelInput.Text", Refused(ModelInput.Of<byte>([1]), spec), StringComparison.Ordinal);
    }

    private void Fits<T>(TensorDataType type) where T : unmanaged => Assert.Equal(new TensorShape(3), Shape(ModelInput.Of<T>(new T[3]), Spec(type, -1)));

    private static TensorSpec Spec(TensorDataType type, params long[] dims) => new("x", type, new TensorShape(dims));

    private TensorShape Shape(ModelInput input, params TensorSpec[] specs) => Assert.Single(Bound(input, specs)).Shape;

    private T[] Elements<T>(ModelInput input, params TensorSpec[] specs) where T : unmanaged
    {
        var bound = input.Bind(Manifest(specs), pool);
        Assert.Null(bound.Failure);
        var elements = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bound.Tensors![0].Data.Span).ToArray();
        bound.Tensors[0].Data.Release();
        return elements;
    }

    private IReadOnlyList<Tensor> Bound(ModelInput input, params TensorSpec[] specs)
    {
        var bound = input.Bind(Manifest(specs), pool);
        Assert.Null(bound.Failure);
        foreach (var tensor in bound.Tensors!) tensor.Data.Release();
        return bound.Tensors;
    }

    private string Refused(ModelInput input, params TensorSpec[] specs)
    {
        var bound = input.Bind(Manifest(specs), pool);
        Assert.Null(bound.Tensors);
        Assert.Equal(FailureCode.BadInput, bound.Failure!.Code);
        return bound.Failure.Message;
    }

    private static ModelManifest Manifest(TensorSpec[] inputs) => new(
        "toy", 1, "", "", inputs, [], null, Domain.Privacy.PrivacyCeiling.Any, null, BatchingSettings.None, [], "sha256:0");
}
