using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Yaml;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads <c>model.yaml</c>: each value's type, range and vocabulary, exactly what <c>models/schema/model.schema.json</c> states. What needs two values or the folder is <see cref="ManifestRules"/>'.</summary>
internal static class ManifestReader
{
    private static readonly string[] RootKeys =
        ["model", "version", "description", "licence", "inputs", "outputs", "confidence", "privacy", "updates", "classifier", "batching", "variants", "pre"];

    private static readonly string[] ConfidenceWords = ["max", "margin", "entropy", "named"];

    /// <summary>What could be read. Errors go to <paramref name="errors"/>; null when there is no map to read from.</summary>
    public static ManifestConfig? Read(ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        var (root, error) = YamlTree.Read(bytes);
        if (root is not null) return MapReader.From(root, "", errors, RootKeys) is { } map ? ReadRoot(map, errors) : null;
        errors.Add(error!, new TextPlace(error!.Line, error.Column));
        return null;
    }

    private static ManifestConfig ReadRoot(MapReader map, ErrorList errors)
    {
        return new ManifestConfig(
            map.Text("model", TextRule.Name, required: true),
            map.Integer("version", 1, int.MaxValue, required: true),
            map.Text("description", TextRule.AnyText),
            map.Text("licence", TextRule.Licence, required: true),
            [.. map.List("inputs", 1, Limits.ManifestTensorsMax, required: true).Select(i => ReadTensor(i.Value, i.Path, errors, "name", "datatype", "shape"))],
            [.. map.List("outputs", 1, Limits.ManifestTensorsMax, required: true).Select(o => ReadTensor(o.Value, o.Path, errors, "name", "datatype", "shape", "labels"))],
            map.Map("confidence", ["output", "rule", "floor"]) is { } confidence ? ReadConfidence(confidence) : null,
            (PrivacyCeiling?)map.Choice("privacy", PrivacyCeilings.AllNames),
            (UpdateCadence?)map.Choice("updates", UpdateCadences.AllNames),
            map.Map("classifier", ["file", "output", "threshold"]) is { } classifier ? ReadClassifier(classifier) : null,
            map.Map("batching", ["max_batch_size", "preferred_batch_size", "max_queue_delay_microseconds", "max_queue_size"]) is { } batching ? ReadBatching(batching, errors) : null,
            [.. map.List("variants", 1, Limits.VariantsPerVersionMax, required: true).Select(v => ReadVariant(v.Value, v.Path, errors))])
        {
            Pre = map.Map("pre", ["wordpiece"]) is { } pre ? new PreConfig(pre.Map("wordpiece", ["vocab", "lower_case", "max_tokens"], required: true) is { } step ? ReadWordPiece(step) : null) : null,
        };
    }

    private static WordPieceConfig ReadWordPiece(MapReader map) => new(
        map.Text("vocab", TextRule.FileName, required: true),
        map.Flag("lower_case", required: true),
        map.Integer("max_tokens", Limits.TextTokensMin, Limits.TextTokensMax, required: true));

    private static TensorConfig ReadTensor(YamlValue value, string path, ErrorList errors, params string[] known)
    {
        if (MapReader.From(value, path, errors, known) is not { } map) return new TensorConfig(null, null, null, null);
        return new TensorConfig(
            map.Text("name", TextRule.TensorName, required: true),
            (TensorDataType?)map.Choice("datatype", TensorDataTypes.AllNames, required: true),
            ReadShape(map, errors),
            known.Contains("labels") ? map.Text("labels", TextRule.FileName) : null);
    }

    /// <summary>Null when the list or one of its dimensions is wrong: a shape with a hole would give errors that are none.</summary>
    private static TensorShape? ReadShape(MapReader map, ErrorList errors)
    {
        var before = errors.Count;
        var dims = map.List("shape", 0, Limits.TensorRankMax, required: true).Select(d => ReadDimension(d.Value, d.Path, errors)).ToArray();
        return errors.Count == before ? new TensorShape(dims) : null;
    }

    private static long ReadDimension(YamlValue value, string path, ErrorList errors)
    {
        var dim = ScalarReader.Integer(value, path, -1, int.MaxValue, errors);
        if (dim == 0) errors.Add(new(path, "-1 (free) or a number from 1", "0", "Write -1 for a free dimension"), value.Place);
        return dim ?? -1;
    }

    private static ConfidenceConfig ReadConfidence(MapReader map) => new(
        map.Text("output", TextRule.TensorName, required: true),
        (ConfidenceRuleKind?)map.Choice("rule", ConfidenceWords, required: true),
        map.Number("floor", 0, 1, required: true));

    private static ClassifierConfig ReadClassifier(MapReader map) => new(
        map.Text("file", TextRule.FileName, required: true),
        map.Text("output", TextRule.TensorName, required: true),
        map.Number("threshold", 0, 1, required: true));

    private static BatchingConfig ReadBatching(MapReader map, ErrorList errors) => new(
        map.Integer("max_batch_size", 0, Limits.BatchRowsMax, required: true),
        [.. map.List("preferred_batch_size", 0, Limits.BatchRowsMax).Select(s => ScalarReader.Integer(s.Value, s.Path, 1, Limits.BatchRowsMax, errors) ?? 1)],
        map.Integer("max_queue_delay_microseconds", 0, Limits.BatchDelayMicrosecondsMax),
        map.Integer("max_queue_size", 1, Limits.QueueSizeMax));

    private static VariantConfig ReadVariant(YamlValue value, string path, ErrorList errors)
    {
        if (MapReader.From(value, path, errors, "name", "file", "zones", "memory_mib", "latency_ms", "instances") is not { } map)
        {
            return new VariantConfig(null, null, [], null, null, null);
        }

        return new VariantConfig(
            map.Text("name", TextRule.Name, required: true),
            map.Text("file", TextRule.FileName, required: true),
            ReadZones(map, errors),
            map.Number("memory_mib", 0, Limits.DeclaredMemoryMibMax),
            map.Number("latency_ms", 0, Limits.DeclaredLatencyMsMax),
            map.Map("instances", ["count", "intra_op_threads"]) is { } instances ? ReadInstances(instances) : null);
    }

    private static List<Zone> ReadZones(MapReader map, ErrorList errors)
    {
        var zones = new List<Zone>();
        foreach (var (value, path) in map.List("zones", 1, Zones.AllNames.Count, required: true))
        {
            if (ScalarReader.Choice(value, path, Zones.AllNames, errors) is not { } index) continue;
            if (!zones.Contains((Zone)index)) zones.Add((Zone)index);
            else errors.Add(new(path, "each zone once", $"'{Zones.AllNames[index]}' a second time", "Remove one of the two"), value.Place);
        }

        return zones;
    }

    private static InstancesConfig ReadInstances(MapReader map) =>
        new(map.Integer("count", 0, Limits.InstancesPerVariantMax), map.Integer("intra_op_threads", 0, Limits.IntraOpThreadsMax));
}
