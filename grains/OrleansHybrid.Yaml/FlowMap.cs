namespace OrleansHybrid.Yaml;

/// <summary>A map on one line, <c>{ key: value, … }</c>; values that are null are left out.</summary>
public sealed class FlowMap
{
    private readonly List<string> entries = [];

    public FlowMap Text(string key, string? value) => Raw(key, value is null ? null : YamlText.Of(value));

    public FlowMap Number(string key, long? value) => Raw(key, value is { } number ? YamlText.Of(number) : null);

    public FlowMap Number(string key, double? value) => Raw(key, value is { } number ? YamlText.Of(number) : null);

    /// <param name="value">Already in YAML.</param>
    public FlowMap Raw(string key, string? value)
    {
        if (value is not null) entries.Add($"{YamlText.Of(key)}: {value}");
        return this;
    }

    public override string ToString() => entries.Count == 0 ? "{}" : $"{{ {string.Join(", ", entries)} }}";
}
