namespace OrleansHybrid.Client;

/// <summary>Changes a signal's sample rate with a windowed sinc: a low-pass at the lower of the two rates, evaluated where the new samples fall. Pure.</summary>
/// <remarks>Kaiser window of β 9 over 16 zero crossings a side: what would fold back is 80 dB down or more, and a tone in the pass band keeps its level within 0.1 dB up to 90 % of it.</remarks>
internal static class Resampler
{
    private const int Crossings = 16;
    private const double Beta = 9;

    /// <summary>Leaves room for the filter's slope under half of the lower rate.</summary>
    private const double PassBand = 0.95;

    public static float[] Resample(ReadOnlySpan<float> samples, int from, int to)
    {
        if (from == to) return samples.ToArray();
        var divisor = Gcd(from, to);
        var (step, phases) = (from / divisor, to / divisor);
        var output = new float[(int)(((long)samples.Length * phases) / step)];
        var filter = new Filter(Math.Min(1.0, (double)to / from) * PassBand, phases);
        for (var i = 0; i < output.Length; i++)
        {
            var position = (long)i * step;
            output[i] = Dot(samples, (int)(position / phases), filter.Taps((int)(position % phases)), filter.Reach);
        }

        return output;
    }

    /// <summary>Beyond its ends the signal is silent.</summary>
    private static float Dot(ReadOnlySpan<float> samples, int at, ReadOnlySpan<float> taps, int reach)
    {
        var first = Math.Max(0, reach - 1 - at);
        var last = Math.Min(taps.Length, samples.Length - at + reach - 1);
        double sum = 0;
        for (var t = first; t < last; t++) sum += taps[t] * samples[at - reach + 1 + t];
        return (float)sum;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    /// <summary>The taps for each place between two samples that a new one can fall on, worked out when first met.</summary>
    private sealed class Filter(double cutoff, int phases)
    {
        private readonly Dictionary<int, float[]> byPhase = [];

        public int Reach { get; } = (int)Math.Ceiling(Crossings / cutoff);

        public ReadOnlySpan<float> Taps(int phase)
        {
            if (byPhase.TryGetValue(phase, out var known)) return known;
            var taps = new double[2 * Reach];
            for (var t = 0; t < taps.Length; t++) taps[t] = Tap(t - Reach + 1 - ((double)phase / phases));
            var sum = taps.Sum();
            return byPhase[phase] = Array.ConvertAll(taps, tap => (float)(tap / sum)); // A constant stays one.
        }

        private double Tap(double distance)
        {
            var inWindow = distance / Reach;
            if (Math.Abs(inWindow) >= 1) return 0;
            var x = Math.PI * cutoff * distance;
            return (x == 0 ? 1 : Math.Sin(x) / x) * BesselI0(Beta * Math.Sqrt(1 - (inWindow * inWindow))) / BesselI0(Beta);
        }

        private static double BesselI0(double x)
        {
            double sum = 1, term = 1;
            for (var k = 1; term > sum * 1e-12; k++)
            {
                term *= x * x / (4.0 * k * k);
                sum += term;
            }

            return sum;
        }
    }
}
