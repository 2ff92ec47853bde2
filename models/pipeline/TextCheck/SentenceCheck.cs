using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Inference.Text;

namespace TextCheck;

/// <summary>Runs one encoder on one thread.</summary>
public static class SentenceCheck
{
    private const int BatchTokensMax = 2048;

    public static SentenceReport Run(SentenceSpec spec)
    {
        WordPieceTokenizer tokenizer = WordPieceTokenizer.Create(File.ReadAllBytes(spec.Vocabulary), spec.LowerCase, spec.MaxTokens);
        int[][] texts = [.. spec.Texts.Select(tokenizer.Encode)];
        int[][] timed = texts[..spec.LatencyTexts];
        long residentBefore = Environment.WorkingSet;
        long started = Stopwatch.GetTimestamp();
        using Encoder encoder = new(spec.Model);
        double loadMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        double[] timesMs = Time(encoder, timed, spec.LatencyRuns);
        double residentMib = (Environment.WorkingSet - residentBefore) / 1048576.0;
        Write(spec.Vectors, texts.Select(text => encoder.Run([text])));
        string[] unequal = Compare(encoder, texts, spec, out int compared);
        return new SentenceReport(
            new FileInfo(spec.Model).Length, unequal.Length == 0, unequal, compared, loadMs, Quantile(timesMs, 0.5), Quantile(timesMs, 0.95),
            timed.Average(text => text.Length), residentMib, OrtEnv.Instance().GetVersionString(), texts);
    }

    private static string[] Compare(Encoder encoder, int[][] texts, SentenceSpec spec, out int compared)
    {
        List<string> unequal = [];
        compared = 0;
        foreach (int length in spec.Lengths)
        {
            int[][] rows = [.. Enumerable.Range(0, spec.BatchSizes.Max()).Select(row => Row(texts, length, row))];
            float[][] alone = [.. rows.Select(row => encoder.Run([row]))];
            foreach (int size in spec.BatchSizes.Where(size => size * length <= BatchTokensMax))
            {
                compared += size;
                float[] apart = [.. alone.Take(size).SelectMany(row => row)];
                if (!MemoryMarshal.AsBytes<float>(apart).SequenceEqual(MemoryMarshal.AsBytes<float>(encoder.Run(rows[..size]))))
                {
                    unequal.Add($"{length} × {size}");
                }
            }
        }

        return [.. unequal];
    }

    /// <summary>So many tokens of the texts, another stretch of them for each row, begun and ended as a text is.</summary>
    private static int[] Row(int[][] texts, int length, int row)
    {
        int[] words = [.. texts.SelectMany(text => text[1..^1])];
        IEnumerable<int> some = Enumerable.Range(row * 17, length - 2).Select(at => words[at % words.Length]);
        return [texts[0][0], .. some, texts[0][^1]];
    }

    private static double[] Time(Encoder encoder, int[][] texts, int runs)
    {
        const int WarmUp = 20;
        double[] times = new double[runs];
        for (int at = -WarmUp; at < runs; at++)
        {
            long started = Stopwatch.GetTimestamp();
            encoder.Run([texts[(at + WarmUp) % texts.Length]]);
            if (at >= 0)
            {
                times[at] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        return times;
    }

    private static double Quantile(double[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));

    private static void Write(string file, IEnumerable<float[]> vectors) =>
        File.WriteAllBytes(file, [.. vectors.SelectMany(vector => MemoryMarshal.AsBytes<float>(vector).ToArray())]);
}
