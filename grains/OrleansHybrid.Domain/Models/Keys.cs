namespace OrleansHybrid.Domain.Models;

/// <summary>A version of a model; also the key of its grain, as <c>model@version</c>. Versions are whole numbers from 1, as in Triton's folders.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.version-key")]
public readonly record struct ModelVersionKey([property: Id(0)] string Model, [property: Id(1)] int Version)
{
    public static bool TryParse(string text, out ModelVersionKey key)
    {
        key = default;
        var at = text.LastIndexOf('@');
        if (at <= 0 || !int.TryParse(text.AsSpan(at + 1), System.Globalization.NumberStyles.None, null, out var version) || version < 1) return false;
        key = new ModelVersionKey(text[..at], version);
        return true;
    }

    public override string ToString() => string.Create(null, $"{Model}@{Version}");
}

/// <summary>One variant of a version: what an engine loads and runs.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.variant-key")]
public readonly record struct VariantKey([property: Id(0)] string Model, [property: Id(1)] int Version, [property: Id(2)] string Variant)
{
    /// <summary>A version's classifier, which is run for a signal and never to answer.</summary>
    public bool IsClassifier => Variant == ClassifierManifest.VariantName;

    public ModelVersionKey ModelVersion => new(Model, Version);

    public override string ToString() => string.Create(null, $"{Model}@{Version}/{Variant}");
}
