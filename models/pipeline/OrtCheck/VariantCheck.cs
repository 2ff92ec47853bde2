using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace OrtCheck;

/// <summary>Runs one variant on one thread: each row alone, then again in batches, then a timed loop.</summary>
public static class VariantCheck
{
    public static CheckReport Run(CheckSpec spec)
    {
        RowFiles rows = new(spec);
        int[] labels = [.. File.ReadLines(spec.Labels).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        using RunOptions run = new();
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        long residentBefore = Environment.WorkingSet;
        long started = Stopwatch.GetTimestamp();
        using InferenceSession session = new(spec.Model, options);
        double loadMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Func<int, int, float[][]> answer = (first, count) => Answer(session, run, rows, first, count);

        double[] timesMs = Time(session, run, rows, spec.LatencyRuns);
        double residentMib = (Environment.WorkingSet - residentBefore) / 1048576.0;
        float[][][] alone = [.. Enumerable.Range(0, rows.Rows).Select(row => answer(row, 1))];
        int output = session.OutputNames.ToList().IndexOf(spec.Output);
        float[] confidences = [.. alone.Select(row => Confidence(row[output], spec.Rule))];
        int[] classes = [.. alone.Select(row => Array.IndexOf(row[output], row[output].Max()))];
        WriteAnswers(spec.Answers, classes, confidences);
        int compared = Math.Min(spec.BatchRows, rows.Rows);
        return new CheckReport(
            Path.GetFileName(spec.Model), new FileInfo(spec.Model).Length, rows.Rows,
            classes.Zip(labels).Count(pair => pair.First == pair.Second) / (double)rows.Rows,
            confidences.Average(), spec.BatchSizes.All(size => EqualInBatches(answer, alone, size, compared)), compared,
            loadMs, Quantile(timesMs, 0.5), Quantile(timesMs, 0.95), residentMib, OrtEnv.Instance().GetVersionString());
    }

    /// <summary>Every output of rows, cut into rows: [row][output][values] when alone, flattened per output for a batch.</summary>
    private static float[][] Answer(InferenceSession session, RunOptions run, RowFiles rows, int first, int count)
    {
        OrtValue[] inputs = rows.Tensors(first, count);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, rows.Names, inputs, session.OutputNames);
            return [.. outputs.Select(value => value.GetTensorDataAsSpan<float>().ToArray())];
        }
        finally
        {
            foreach (OrtValue input in inputs)
            {
                input.Dispose();
            }
        }
    }

    private static bool EqualInBatches(Func<int, int, float[][]> answer, float[][][] alone, int size, int rows)
    {
        for (int first = 0; first + size <= rows; first += size)
        {
            float[][] together = answer(first, size);
            for (int output = 0; output < together.Length; output++)
            {
                float[] apart = [.. Enumerable.Range(first, size).SelectMany(row => alone[row][output])];
                if (!MemoryMarshal.AsBytes<float>(apart).SequenceEqual(MemoryMarshal.AsBytes<float>(together[output])))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static double[] Time(InferenceSession session, RunOptions run, RowFiles rows, int runs)
    {
        const int WarmUp = 20;
        double[] times = new double[runs];
        for (int at = -WarmUp; at < runs; at++)
        {
            OrtValue[] inputs = rows.Tensors((at + WarmUp) % rows.Rows, 1);
            long started = Stopwatch.GetTimestamp();
            session.Run(run, rows.Names, inputs, session.OutputNames).Dispose();
            double elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Array.ForEach(inputs, input => input.Dispose());
            if (at >= 0)
            {
                times[at] = elapsed;
            }
        }

        return times;
    }

    private static float Confidence(float[] probabilities, string rule)
    {
        float[] sorted = [.. probabilities.OrderDescending()];
        return rule == "margin" ? sorted[0] - sorted[1] : sorted[0];
    }

    private static double Quantile(double[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));

    private static void WriteAnswers(string path, int[] classes, float[] confidences)
    {
        StringBuilder text = new("class,confidence\n");
        foreach ((int answer, float confidence) in classes.Zip(confidences))
        {
            text.Append(CultureInfo.InvariantCulture, $"{answer},{confidence:R}\n");
        }

        File.WriteAllText(path, text.ToString());
    }
}
