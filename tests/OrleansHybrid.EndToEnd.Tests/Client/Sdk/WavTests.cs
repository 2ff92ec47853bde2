using System.Buffers.Binary;
using System.Text;
using CsCheck;
using OrleansHybrid.Client;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

public sealed class WavTests
{
    [Fact]
    public void Sample_clip_has_the_samples_of_its_raw_twin()
    {
        var clip = Wav.FromFile(Clips.PathOf("easy.wav"));

        Assert.Equal((Clips.Samples, 16_000, TimeSpan.FromSeconds(1)), (clip.Samples.Length, clip.SampleRate, clip.Duration));
        for (var i = 0; i < Clips.Samples; i++) Assert.Equal(BinaryPrimitives.ReadInt16LittleEndian(Clips.EasyAudio.AsSpan(2 * i)) / 32768f, clip.Samples[i]);
    }

    [Theory]
    [InlineData(1, 16, 1, 1.0 / 32768)]
    [InlineData(1, 24, 1, 1.0 / 8388608)]
    [InlineData(1, 32, 1, 1.0 / 2147483648)]
    [InlineData(3, 32, 1, 1e-7)]
    [InlineData(3, 64, 1, 1e-7)]
    [InlineData(1, 16, 2, 1.0 / 32768)]
    [InlineData(3, 32, 6, 1e-7)]
    public void Every_format_gives_the_same_sound(int tag, int bits, int channels, double within)
    {
        var sound = Tone(440, 16_000, 800);

        var clip = Wav.FromBytes(File_(tag, bits, channels, 16_000, sound));

        Assert.Equal(sound.Length, clip.Samples.Length);
        for (var i = 0; i < sound.Length; i++) Assert.Equal(sound[i], clip.Samples[i], within + 1e-7);
    }

    [Fact]
    public void Stereo_is_mixed_down_by_its_mean()
    {
        var clip = AudioClip.FromPcm([1000, 3000, -2000, 0], 16_000, channels: 2);

        Assert.Equal([2000 / 32768f, -1000 / 32768f], clip.Samples.ToArray());
    }

    [Theory]
    [InlineData(44_100, 1000)]
    [InlineData(48_000, 1000)]
    [InlineData(8_000, 1000)]
    [InlineData(22_050, 6000)]
    public void Tone_in_the_pass_band_keeps_its_level_and_place_at_another_rate(int rate, int hertz)
    {
        var clip = AudioClip.FromPcm(Tone(hertz, rate, rate), rate).At(16_000);

        Assert.InRange(clip.Samples.Length, 15_999, 16_000);
        var expected = Tone(hertz, 16_000, clip.Samples.Length);
        for (var i = 500; i < clip.Samples.Length - 500; i++) Assert.Equal(expected[i], clip.Samples[i], 0.01);
    }

    [Fact]
    public void Tone_above_the_new_rate_is_gone_and_does_not_fold_back()
    {
        var clip = AudioClip.FromPcm(Tone(11_000, 48_000, 48_000), 48_000).At(16_000);

        Assert.InRange(Loudest(clip.Samples[500..^500]), 0, 0.001);
    }

    [Theory]
    [InlineData("", "RIFF")]
    [InlineData("ID3 is no wave file at all", "RIFF")]
    public void Other_files_are_refused_with_what_to_do(string content, string part) =>
        Assert.Contains(part, Assert.Throws<AudioFormatException>(() => Wav.FromBytes(Encoding.ASCII.GetBytes(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Broken_files_are_refused_one_by_one()
    {
        var good = File_(1, 16, 1, 16_000, Tone(440, 16_000, 100));

        Refused(good[..^10], "cut off");
        Refused(Changed(good, 20, 2), "format 2"); // ADPCM
        Refused(Changed(good, 34, 8), "8 bits");
        Refused(Changed(good, 22, 0), "channels");
        Refused(Changed(good, 24, 10), "samples a second");
        Refused(good[..12], "'data'");
        Refused(File_(3, 32, 1, 16_000, [0.5f, float.NaN]), "sample 1");
    }

    [Fact]
    public void Whatever_bytes_come_a_clip_or_a_reason_is_the_answer() => Gen.Byte.Array[0, 64].Select(Gen.Int[0, 43], Gen.Byte).Sample((tail, at, value) =>
    {
        var file = File_(1, 16, 2, 16_000, [0.1f, 0.2f]);
        file[at] = value;
        byte[] whole = [.. file, .. tail];
        Assert.NotEqual(Wav.TryRead(whole, out var clip, out var error), error is not null);
        Assert.Equal(clip is null, error is not null);
    });

    private static void Refused(byte[] file, string part) => Assert.Contains(part, Assert.Throws<AudioFormatException>(() => Wav.FromBytes(file)).Message, StringComparison.Ordinal);

    private static byte[] Changed(byte[] file, int at, ushort value)
    {
        var copy = file.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(at), value);
        return copy;
    }

    private static float Loudest(ReadOnlySpan<float> samples)
    {
        var loudest = 0f;
        foreach (var sample in samples) loudest = Math.Max(loudest, Math.Abs(sample));
        return loudest;
    }

    private static float[] Tone(double hertz, int rate, int samples) => [.. Enumerable.Range(0, samples).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    /// <summary>A WAV file with the same sound on every channel.</summary>
    private static byte[] File_(int tag, int bits, int channels, int rate, float[] sound)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var bytes = sound.Length * channels * bits / 8;
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((ushort)tag);
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        writer.Write("data"u8);
        writer.Write(bytes);
        foreach (var sample in sound)
        {
            for (var c = 0; c < channels; c++) Write(writer, tag, bits, sample);
        }

        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, int tag, int bits, float sample)
    {
        if (tag == 3 && bits == 64) writer.Write((double)sample);
        else if (tag == 3) writer.Write(sample);
        else if (bits == 16) writer.Write((short)Math.Round(sample * 32768.0));
        else if (bits == 32) writer.Write((int)Math.Round(sample * 2147483648.0));
        else writer.Write(BitConverter.GetBytes((int)Math.Round(sample * 8388608.0)).AsSpan(0, 3));
    }
}
