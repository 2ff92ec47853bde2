using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Routes about one model: metadata, readiness, configuration, statistics.</summary>
internal sealed class ModelEndpoints(ModelLookup models, Statistics statistics)
{
    public Task MetadataAsync(HttpContext context, CallerIdentity identity) => WithVersionAsync(context, (entry, version, manifest) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteStartArray("versions");
        foreach (var known in entry.Versions.Where(v => v.State == VersionState.Ready)) json.WriteStringValue(VersionText(known.Version));
        json.WriteEndArray();
        json.WriteString("platform", ModelConfigs.Platform);
        WriteTensors(json, "inputs", manifest.Inputs);
        WriteTensors(json, "outputs", manifest.Outputs);
        json.WriteEndObject();
    }));

    public Task ReadyAsync(HttpContext context, CallerIdentity identity)
    {
        if (Find(context, out _, out var version) is { } failure) return FailureWriter.WriteAsync(context, failure);
        var model = RouteText.Of(context, "model");
        if (version.State != VersionState.Ready) return FailureWriter.WriteAsync(context, ModelLookup.NotReady(model, version.Version));
        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", model);
            json.WriteBoolean("ready", true);
            json.WriteEndObject();
        });
    }

    public Task ConfigAsync(HttpContext context, CallerIdentity identity) => WithVersionAsync(
        context,
        (entry, _, manifest) => JsonAnswer.WriteAsync(context, json => ModelConfigJson.Write(json, ModelConfigs.Make(entry, manifest))));

    public Task StatisticsAsync(HttpContext context, CallerIdentity identity)
    {
        var failure = ModelLookup.ParseVersion(RouteText.Of(context, "version"), out var version);
        List<OrleansHybrid.Links.Protocol.ModelStatistics> rows = [];
        failure ??= statistics.Read(RouteText.Of(context, "model"), version, out rows);
        return failure is null ? JsonAnswer.WriteAsync(context, json => Statistics.Write(json, rows)) : FailureWriter.WriteAsync(context, failure);
    }

    private Task WithVersionAsync(HttpContext context, Func<ModelEntry, VersionEntry, ModelManifest, Task> write)
    {
        if (Find(context, out var entry, out var version) is { } failure) return FailureWriter.WriteAsync(context, failure);
        return version.Manifest is { } manifest ? write(entry, version, manifest) : FailureWriter.WriteAsync(context, ModelLookup.NotReady(entry.Name, version.Version));
    }

    private InferenceFailure? Find(HttpContext context, out ModelEntry entry, out VersionEntry version)
    {
        (entry, version) = (null!, null!);
        return ModelLookup.ParseVersion(RouteText.Of(context, "version"), out var number) ?? models.FindVersion(RouteText.Of(context, "model"), number, out entry, out version);
    }

    private static void WriteTensors(Utf8JsonWriter json, string name, IReadOnlyList<TensorSpec> specs)
    {
        json.WriteStartArray(name);
        foreach (var spec in specs)
        {
            json.WriteStartObject();
            json.WriteString("name", spec.Name);
            json.WriteString("datatype", spec.DataType.WireName());
            json.WriteStartArray("shape");
            foreach (var dim in spec.Shape.Dims) json.WriteNumberValue(dim);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string VersionText(int version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
