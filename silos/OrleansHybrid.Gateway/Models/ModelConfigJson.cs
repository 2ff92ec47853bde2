using System.Text.Json;
using Google.Protobuf.Reflection;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Gateway.Models;

/// <summary>Writes a configuration as Triton's REST gives it: the proto's names, enum values by name, 64-bit numbers as numbers, defaults included.</summary>
internal static class ModelConfigJson
{
    public static void Write(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteStartObject();
        json.WriteString("name", config.Name);
        json.WriteString("platform", config.Platform);
        json.WriteString("backend", config.Backend);
        WritePolicy(json, config.VersionPolicy);
        json.WriteNumber("max_batch_size", config.MaxBatchSize);
        json.WriteStartArray("input");
        foreach (var input in config.Input) WriteInput(json, input);
        json.WriteEndArray();
        json.WriteStartArray("output");
        foreach (var output in config.Output) WriteOutput(json, output);
        json.WriteEndArray();
        if (config.DynamicBatching is { } batching) WriteBatching(json, batching);
        json.WriteStartArray("instance_group");
        foreach (var group in config.InstanceGroup) WriteGroup(json, group);
        json.WriteEndArray();
        json.WriteString("default_model_filename", config.DefaultModelFilename);
        json.WriteStartObject("parameters");
        foreach (var (name, value) in config.Parameters)
        {
            json.WriteStartObject(name);
            json.WriteString("string_value", value.StringValue);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePolicy(Utf8JsonWriter json, ModelVersionPolicy policy)
    {
        json.WriteStartObject("version_policy");
        json.WriteStartObject(policy.PolicyChoiceCase.ToString().ToLowerInvariant());
        if (policy.Latest is { } latest) json.WriteNumber("num_versions", latest.NumVersions);
        if (policy.Specific is { } specific)
        {
            json.WriteStartArray("versions");
            foreach (var version in specific.Versions) json.WriteNumberValue(version);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, ModelInput input)
    {
        json.WriteStartObject();
        json.WriteString("name", input.Name);
        json.WriteString("data_type", TypeName(input.DataType));
        json.WriteString("format", "FORMAT_NONE");
        WriteDims(json, input.Dims);
        json.WriteBoolean("is_shape_tensor", false);
        json.WriteBoolean("allow_ragged_batch", false);
        json.WriteBoolean("optional", false);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, ModelOutput output)
    {
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("data_type", TypeName(output.DataType));
        WriteDims(json, output.Dims);
        json.WriteString("label_filename", output.LabelFilename);
        json.WriteBoolean("is_shape_tensor", false);
        json.WriteEndObject();
    }

    private static void WriteDims(Utf8JsonWriter json, IEnumerable<long> dims)
    {
        json.WriteStartArray("dims");
        foreach (var dim in dims) json.WriteNumberValue(dim);
        json.WriteEndArray();
    }

    private static void WriteBatching(Utf8JsonWriter json, ModelDynamicBatching batching)
    {
        json.WriteStartObject("dynamic_batching");
        json.WriteStartArray("preferred_batch_size");
        foreach (var size in batching.PreferredBatchSize) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteNumber("max_queue_delay_microseconds", batching.MaxQueueDelayMicroseconds);
        json.WriteBoolean("preserve_ordering", batching.PreserveOrdering);
        json.WriteNumber("priority_levels", batching.PriorityLevels);
        json.WriteNumber("default_priority_level", batching.DefaultPriorityLevel);
        json.WriteStartObject("default_queue_policy");
        json.WriteString("timeout_action", "REJECT");
        json.WriteNumber("default_timeout_microseconds", batching.DefaultQueuePolicy.DefaultTimeoutMicroseconds);
        json.WriteBoolean("allow_timeout_override", batching.DefaultQueuePolicy.AllowTimeoutOverride);
        json.WriteNumber("max_queue_size", batching.DefaultQueuePolicy.MaxQueueSize);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, ModelInstanceGroup group)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        json.WriteString("kind", "KIND_CPU");
        json.WriteNumber("count", group.Count);
        json.WriteStartArray("gpus");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string TypeName(DataType type) =>
        OpenInferenceReflection.Descriptor.FindTypeByName<EnumDescriptor>("DataType").FindValueByNumber((int)type).Name;
}
