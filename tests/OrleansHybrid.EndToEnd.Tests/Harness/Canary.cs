using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A tensor whose every part can be recognised: raw, as JSON numbers, as base64, and inside gzip or zlib streams.</summary>
internal sealed class Canary
{
    private const int SliceSamples = 12;
    private const int SliceStep = 997;
    private readonly byte[][] marks;

    private Canary(byte[] secret, byte[][] marks) => (Audio, this.marks) = (secret, marks);

    private Canary(byte[] audio)
    {
        Audio = audio;
        marks = [.. Enumerable.Range(0, (Clips.Samples - SliceSamples) / SliceStep).SelectMany(i => MarksAt(i * SliceStep))];
    }

    public byte[] Audio { get; }

    /// <summary>Noise from a seed: no part of it occurs by chance.</summary>
    public static Canary FromSeed(int seed)
    {
        var random = new Random(seed);
        var samples = new short[Clips.Samples];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)random.Next(short.MinValue, short.MaxValue);
        var audio = new byte[samples.Length * 2];
        Buffer.BlockCopy(samples, 0, audio, 0, audio.Length);
        return new Canary(audio);
    }

    /// <summary>A secret text: as it is, as hex of its bytes, and as base64.</summary>
    public static Canary OfText(string secret) => new([.. Encoding.UTF8.GetBytes(secret)], [.. MarksOf(Encoding.UTF8.GetBytes(secret))]);

    public bool IsIn(byte[] bytes) => Holds(bytes) || Unpacked(bytes).Any(Holds);

    public bool IsIn(string text) => IsIn(Encoding.UTF8.GetBytes(text));

    private bool Holds(byte[] bytes) => marks.Any(m => bytes.AsSpan().IndexOf(m) >= 0);

    private IEnumerable<byte[]> MarksAt(int sample)
    {
        var slice = Audio.AsSpan(sample * 2, SliceSamples * 2).ToArray();
        yield return slice;
        yield return Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(sample, SliceSamples).Select(i => BitConverter.ToInt16(Audio, i * 2).ToString(CultureInfo.InvariantCulture))));
        for (var shift = 0; shift < 3; shift++) yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(slice, shift, 18));
    }

    /// <summary>Base64 of a part of it, wherever it begins in a longer text: three shifts, without the ends that neighbours change.</summary>
    private static IEnumerable<byte[]> MarksOf(byte[] secret)
    {
        yield return secret;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret));
        for (var shift = 0; shift < 3; shift++) yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(secret, shift, (secret.Length - shift) / 3 * 3));
    }

    /// <summary>Whatever can be unpacked from any place that looks like the head of a compressed stream.</summary>
    private static IEnumerable<byte[]> Unpacked(byte[] bytes)
    {
        for (var i = 0; i + 2 < bytes.Length; i++)
        {
            if (bytes[i] == 0x1f && bytes[i + 1] == 0x8b && bytes[i + 2] == 8) yield return Unpack(s => new GZipStream(s, CompressionMode.Decompress), bytes, i);
            if (bytes[i] == 0x78 && bytes[i + 1] is 0x01 or 0x5e or 0x9c or 0xda) yield return Unpack(s => new ZLibStream(s, CompressionMode.Decompress), bytes, i);
        }
    }

    private static byte[] Unpack(Func<Stream, Stream> open, byte[] bytes, int start)
    {
        using var unpacked = new MemoryStream();
        using var stream = open(new MemoryStream(bytes, start, bytes.Length - start));
        var buffer = new byte[4096];
        try
        {
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) unpacked.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            // Not a stream, or its end: what came out so far counts.
        }

        return unpacked.ToArray();
    }
}
