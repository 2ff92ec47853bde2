using System.Diagnostics.CodeAnalysis;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Client;

/// <summary>WAV files as sound for a model: PCM of 16, 24 or 32 bits or float, any rate and channels.</summary>
public static class Wav
{
    /// <param name="sampleRate">What the model takes; the clip is resampled to it.</param>
    /// <exception cref="AudioFormatException">The file is no WAV that can be read; the message says why and what to do.</exception>
    public static AudioClip FromFile(string path, int sampleRate = AudioClip.SpeechRate)
    {
        var length = new FileInfo(path).Length;
        if (length > Limits.WavBytesMax) throw new AudioFormatException($"'{path}': expected at most {Limits.WavBytesMax} bytes; came {length}. Cut the recording.");
        return TryRead(File.ReadAllBytes(path), out var clip, out var error, sampleRate) ? clip : throw new AudioFormatException($"'{path}': {error}");
    }

    /// <inheritdoc cref="FromFile"/>
    public static AudioClip FromBytes(ReadOnlySpan<byte> file, int sampleRate = AudioClip.SpeechRate) =>
        TryRead(file, out var clip, out var error, sampleRate) ? clip : throw new AudioFormatException(error);

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out AudioClip? clip, [NotNullWhen(false)] out string? error, int sampleRate = AudioClip.SpeechRate)
    {
        AudioClip.CheckRate(sampleRate);
        error = WavReader.TryRead(file, out var samples, out var rate);
        clip = error is null ? AudioClip.Trusted(samples, rate).At(sampleRate) : null;
        return clip is not null;
    }
}
