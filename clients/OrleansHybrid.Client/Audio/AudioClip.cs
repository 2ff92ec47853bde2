using System.Runtime.InteropServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>One channel of sound, in [-1, 1], ready for a model that takes INT16 or FP32 samples.</summary>
/// <remarks>
/// A model with a fixed number of samples gets a shorter clip with silence behind it; a longer one is refused: cut it with <see cref="Slice"/>, since only the
/// caller knows which part matters. Manifests say no rate, so the model's is <see cref="SampleRate"/> of the clip that is given: <see cref="At"/> changes it.
/// </remarks>
public sealed class AudioClip : ModelInput
{
    /// <summary>What speech models take nearly without exception.</summary>
    public const int SpeechRate = 16_000;

    private readonly float[] samples;

    private AudioClip(float[] samples, int sampleRate) => (this.samples, SampleRate) = (samples, sampleRate);

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    public ReadOnlySpan<float> Samples => samples;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)samples.Length / SampleRate);

    /// <param name="channels">Interleaved channels, mixed down to one.</param>
    public static AudioClip FromPcm(ReadOnlySpan<short> pcm, int sampleRate, int channels = 1)
    {
        var mixed = new float[Frames(pcm.Length, sampleRate, channels)];
        for (var i = 0; i < mixed.Length; i++)
        {
            long sum = 0;
            for (var c = 0; c < channels; c++) sum += pcm[(i * channels) + c];
            mixed[i] = (float)(sum / (32768.0 * channels));
        }

        return new AudioClip(mixed, sampleRate);
    }

    /// <summary>The same for samples in [-1, 1].</summary>
    public static AudioClip FromPcm(ReadOnlySpan<float> pcm, int sampleRate, int channels = 1)
    {
        var mixed = new float[Frames(pcm.Length, sampleRate, channels)];
        for (var i = 0; i < mixed.Length; i++)
        {
            double sum = 0;
            for (var c = 0; c < channels; c++) sum += pcm[(i * channels) + c];
            mixed[i] = (float)(sum / channels);
        }

        return new AudioClip(mixed, sampleRate);
    }

    /// <summary>The same sound at another rate.</summary>
    public AudioClip At(int sampleRate)
    {
        CheckRate(sampleRate);
        return sampleRate == SampleRate ? this : new AudioClip(Resampler.Resample(samples, SampleRate, sampleRate), sampleRate);
    }

    /// <summary>A part of the clip; what lies beyond its end is left out.</summary>
    public AudioClip Slice(TimeSpan start, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(start, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        var first = (int)Math.Min(samples.Length, Math.Round(start.TotalSeconds * SampleRate));
        var count = (int)Math.Min(samples.Length - first, Math.Round(length.TotalSeconds * SampleRate));
        return new AudioClip(samples.AsSpan(first, count).ToArray(), SampleRate);
    }

    internal override InputBinding Bind(ModelManifest manifest, TensorPool pool)
    {
        if (Spec(manifest, out var refusal) is not { } spec) return refusal;
        if (spec.DataType is not (TensorDataType.Int16 or TensorDataType.Fp32)) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' is {spec.DataType.WireName()}: sound goes to INT16 and FP32 inputs alone.");
        var wanted = Wanted(spec);
        if (samples.Length > wanted) return InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' takes {wanted} samples; the clip has {samples.Length} at {SampleRate} Hz. Cut it with Slice(start, length), or change its rate with At(rate).");
        var count = wanted ?? samples.Length;
        if (InputShapes.Resolve(manifest, spec, count, [], out refusal) is not { } shape) return refusal;
        var lease = pool.Rent(count * spec.DataType.ElementBytes());
        if (spec.DataType == TensorDataType.Int16) Write(MemoryMarshal.Cast<byte, short>(lease.Span));
        else Write(MemoryMarshal.Cast<byte, float>(lease.Span));
        return InputBinding.Of(new Tensor(spec.Name, spec.DataType, shape, lease));
    }

    internal static AudioClip Trusted(float[] samples, int sampleRate) => new(samples, sampleRate);

    internal static void CheckRate(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, Limits.SampleRateMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, Limits.SampleRateMax);
    }

    /// <summary>Samples of one row, or null where the model takes any number.</summary>
    private static int? Wanted(TensorSpec spec) => spec.Shape.Rank > 0 && spec.Shape[spec.Shape.Rank - 1] > 0 ? (int)spec.Shape[spec.Shape.Rank - 1] : null;

    private void Write(Span<short> to)
    {
        for (var i = 0; i < samples.Length; i++) to[i] = (short)Math.Clamp(MathF.Round(samples[i] * 32768f), short.MinValue, short.MaxValue);
        to[samples.Length..].Clear();
    }

    private void Write(Span<float> to)
    {
        samples.CopyTo(to);
        to[samples.Length..].Clear();
    }

    private static int Frames(int length, int sampleRate, int channels)
    {
        CheckRate(sampleRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (length % channels != 0) throw new AudioFormatException($"expected whole frames of {channels} samples; {length} samples came.");
        return length / channels;
    }
}
