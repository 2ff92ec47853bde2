using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrleansHybrid.Yaml;

/// <summary>Turns a parser's events into values. One use; throws <see cref="YamlRefusedException"/> and the parser's own exceptions.</summary>
internal sealed class YamlTreeReader(IParser parser, int nodesMax)
{
    private int values;

    /// <summary>The end of what was read so far.</summary>
    public TextPlace Reached { get; private set; } = new(1, 1);

    public YamlValue ReadDocument()
    {
        Next();
        if (Next() is StreamEnd) throw Refuse(new TextPlace(1, 1), "keys and values", "an empty file", "Write the keys that the schema lists");
        var root = ReadValue(Next(), depth: 0);
        Next();
        if (Next() is DocumentStart second) throw Refuse(PlaceOf(second), "one document", "a second one", "Remove the line '---' and what follows");
        return root;
    }

    private YamlValue ReadValue(ParsingEvent first, int depth)
    {
        if (++values > nodesMax) throw Refuse(PlaceOf(first), string.Create(null, $"at most {nodesMax} values"), "more", "Keep data out of this file");
        if (depth > Limits.ManifestDepthMax) throw Refuse(PlaceOf(first), $"at most {Limits.ManifestDepthMax} levels", "deeper ones", "Nothing in this file nests so deep: correct it");
        if (first is AnchorAlias alias) throw Refuse(PlaceOf(alias), "a value", "an alias (*)", "Write the value out");
        if (first is NodeEvent { Tag.IsEmpty: false } tagged) throw Refuse(PlaceOf(tagged), "a value without a tag", "a tag (!)", "Remove the tag");
        return first switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            _ => throw Refuse(PlaceOf(first), "a value", "none", "Correct the syntax at this place"),
        };
    }

    private static YamlScalar ReadScalar(Scalar scalar) =>
        new(scalar.Value, scalar.Style == ScalarStyle.Plain ? YamlScalars.KindOf(scalar.Value) : YamlScalarKind.Text, PlaceOf(scalar));

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlValue>();
        for (var next = Next(); next is not SequenceEnd; next = Next()) items.Add(ReadValue(next, depth + 1));
        return new YamlList(items, PlaceOf(start));
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            if (ReadValue(next, depth + 1) is not YamlScalar key) throw Refuse(PlaceOf(next), "a word as key", "a list or map as key", "Correct the syntax at this place");
            entries.Add(new YamlEntry(key.Text, key.Place, ReadValue(Next(), depth + 1)));
        }

        return new YamlMap(entries, PlaceOf(start));
    }

    private ParsingEvent Next()
    {
        if (!parser.MoveNext() || parser.Current is null) throw Refuse(new TextPlace(1, 1), "a whole document", "the end of the file", "Correct the syntax");
        Reached = new((int)parser.Current.End.Line, (int)parser.Current.End.Column);
        return parser.Current;
    }

    private static TextPlace PlaceOf(ParsingEvent at) => new((int)at.Start.Line, (int)at.Start.Column);

    private static YamlRefusedException Refuse(TextPlace place, string expected, string came, string remedy) =>
        new(new ManifestError("", expected, came, remedy) { Line = place.Line, Column = place.Column });
}
