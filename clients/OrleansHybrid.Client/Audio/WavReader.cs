using System.Buffers.Binary;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Client;

/// <summary>Reads RIFF WAVE: PCM of 16, 24 or 32 bits and IEEE float of 32 or 64, any number of channels, mixed down to one. Pure.</summary>
/// <remarks>Nothing in the file is believed before it was checked against the bytes that are there; a chunk that is not known is passed over.</remarks>
internal static class WavReader
{
    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE;
    private const int ChannelsMax = 64;
    private const int FormatBytesMin = 16, ExtensibleBytesMin = 40, SubFormatAt = 24;

    /// <summary>What writers put that did not know the length.</summary>
    private const uint UnknownLength = uint.MaxValue;

    public static string? TryRead(ReadOnlySpan<byte> file, out float[] samples, out int sampleRate)
    {
        (samples, sampleRate) = ([], 0);
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) return "expected a WAV file (RIFF … WAVE); the bytes begin otherwise. Convert it, for example with: ffmpeg -i input -c:a pcm_s16le output.wav";
        Format? format = null;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var name = rest[..4];
            var declared = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var body = rest[8..];
            var isData = name.SequenceEqual("data"u8);
            var length = isData && declared == UnknownLength ? (uint)body.Length : declared;
            if (length > (uint)body.Length) return FormattableString.Invariant($"expected {length} bytes in the chunk '{Ascii(name)}'; {body.Length} are left. The file was cut off: copy it again.");
            var chunk = body[..(int)length];
            if (name.SequenceEqual("fmt "u8) && ReadFormat(chunk, out format) is { } error) return error;
            if (isData) return format is { } known ? Mix(chunk, known, out samples, out sampleRate) : "expected the chunk 'fmt ' before 'data'; it is missing.";
            rest = body[Math.Min((int)length + ((int)length & 1), body.Length)..];
        }

        return "expected a chunk 'data' with the samples; there is none.";
    }

    private static string? ReadFormat(ReadOnlySpan<byte> chunk, out Format? format)
    {
        format = null;
        if (chunk.Length < FormatBytesMin) return FormattableString.Invariant($"expected {FormatBytesMin} bytes or more in the chunk 'fmt '; {chunk.Length} came.");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == Extensible && chunk.Length >= ExtensibleBytesMin) tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormatAt..]);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (channels is 0 or > ChannelsMax) return FormattableString.Invariant($"expected 1 to {ChannelsMax} channels; {channels} came.");
        if (rate is < Limits.SampleRateMin or > Limits.SampleRateMax) return FormattableString.Invariant($"expected {Limits.SampleRateMin} to {Limits.SampleRateMax} samples a second; {rate} came.");
        if ((tag, bits) is not ((Pcm, 16 or 24 or 32) or (Float, 32 or 64))) return FormattableString.Invariant($"expected PCM of 16, 24 or 32 bits, or float of 32 or 64; format {tag} with {bits} bits came. Convert it, for example with: ffmpeg -i input -c:a pcm_s16le output.wav");
        format = new Format(tag == Float, bits / 8, channels, (int)rate);
        return null;
    }

    private static string? Mix(ReadOnlySpan<byte> data, Format format, out float[] samples, out int sampleRate)
    {
        (samples, sampleRate) = ([], format.Rate);
        var frame = format.Bytes * format.Channels;
        if (data.Length % frame != 0) return FormattableString.Invariant($"expected whole frames of {frame} bytes; {data.Length} bytes came. The file was cut off: copy it again.");
        samples = new float[data.Length / frame];
        for (var i = 0; i < samples.Length; i++)
        {
            double sum = 0;
            for (var c = 0; c < format.Channels; c++) sum += Sample(data[((i * frame) + (c * format.Bytes))..], format);
            if (!double.IsFinite(sum)) return FormattableString.Invariant($"expected numbers; sample {i} is none.");
            samples[i] = (float)(sum / format.Channels);
        }

        return null;
    }

    private static double Sample(ReadOnlySpan<byte> at, Format format) => (format.IsFloat, format.Bytes) switch
    {
        (true, 4) => BinaryPrimitives.ReadSingleLittleEndian(at),
        (true, _) => BinaryPrimitives.ReadDoubleLittleEndian(at),
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768.0,
        (_, 3) => ((at[2] << 24) | (at[1] << 16) | (at[0] << 8)) / 2147483648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648.0,
    };

    private static string Ascii(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[4];
        for (var i = 0; i < text.Length; i++) text[i] = name[i] is > 0x1F and < 0x7F ? (char)name[i] : '?';
        return new string(text);
    }

    private readonly record struct Format(bool IsFloat, int Bytes, int Channels, int Rate);
}
