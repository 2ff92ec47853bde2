using System.Globalization;
using System.Text;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>Resident memory over time as a picture: one line a fleet, from zero.</summary>
internal static class MemoryCurve
{
    private const int Width = 760, Height = 300, Left = 70, Top = 20, Bottom = 40;
    private static readonly string[] Colours = ["#1b6ac9", "#c94f1b", "#3a8f3a", "#7a4fc0"];

    public static string Draw(IReadOnlyList<(int Nodes, IReadOnlyList<MemoryPoint> Points)> fleets)
    {
        var top = Math.Ceiling(fleets.Max(f => f.Points.Max(p => p.ResidentKib)) / 1024.0 / 100) * 100;
        var end = fleets.Max(f => f.Points[^1].At.TotalMinutes);
        double X(double minutes) => Left + ((Width - Left - 20) * minutes / end);
        double Y(double mib) => Top + ((Height - Top - Bottom) * (1 - (mib / top)));
        var svg = new StringBuilder();
        void Line(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        for (var mib = 0.0; mib <= top; mib += top / 5)
        {
            Line($"<line x1=\"{Left}\" y1=\"{Y(mib):F1}\" x2=\"{Width - 20}\" y2=\"{Y(mib):F1}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(mib) + 4:F1}\" text-anchor=\"end\">{mib:F0} MiB</text>");
        }

        for (var minute = 0; minute <= end; minute++) Line($"<text x=\"{X(minute):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{minute} min</text>");
        for (var i = 0; i < fleets.Count; i++)
        {
            var (nodes, points) = fleets[i];
            var path = string.Join(' ', points.Skip(1).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.At.TotalMinutes):F1},{Y(p.ResidentKib / 1024.0):F1}")));
            Line($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{Colours[i % Colours.Length]}\" stroke-width=\"2\"/>");
            Line($"<text x=\"{Width - 24}\" y=\"{Y(points[^1].ResidentKib / 1024.0) - 6:F1}\" text-anchor=\"end\" fill=\"{Colours[i % Colours.Length]}\">{nodes} nodes</text>");
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
