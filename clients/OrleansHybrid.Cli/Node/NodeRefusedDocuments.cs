using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Cli.Node;

/// <summary>Documents that this box refused, for its reports: the last ones, each for <see cref="Limits.DocumentRefusedTold"/> after it last came, so that a check-in that fails loses none.</summary>
internal sealed class NodeRefusedDocuments(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<(RefusedDocument Document, long At)> lately = [];

    /// <summary>The last first; at most <see cref="Limits.NodeRefusedDocumentsMax"/>.</summary>
    public IReadOnlyList<RefusedDocument> Lately
    {
        get
        {
            lock (gate)
            {
                lately.RemoveAll(d => clock.GetElapsedTime(d.At) > Limits.DocumentRefusedTold);
                return [.. lately.Select(d => d.Document)];
            }
        }
    }

    /// <param name="digest">Of what was refused; empty: it could not be read.</param>
    /// <param name="holding">The revision that goes on holding; 0: none.</param>
    public void Add(string document, string digest, long holding, BundleProblem why)
    {
        var refused = new RefusedDocument(Cut(document, Limits.NameCharsMax), digest, holding, Cut(why.ToString(), Limits.NodeTextCharsMax));
        lock (gate)
        {
            lately.RemoveAll(d => d.Document == refused);
            lately.Insert(0, (refused, clock.GetTimestamp()));
            if (lately.Count > Limits.NodeRefusedDocumentsMax) lately.RemoveAt(lately.Count - 1);
        }
    }

    private static string Cut(string text, int charsMax) => text.Length <= charsMax ? text : text[..(charsMax - 1)] + "…";
}
