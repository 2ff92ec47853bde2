using System.Globalization;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>What an answer says of itself. A foreign server says nothing; one of ours that says it wrongly is not believed at all.</summary>
/// <param name="Provenance">Null for a foreign server.</param>
internal sealed record AnswerParameters(Provenance? Provenance, string? Label, double? Confidence, bool Escalated, bool Degraded, string Reason)
{
    private static readonly AnswerParameters Foreign = new(null, null, null, false, false, "");

    /// <summary>Null with what is wrong.</summary>
    public static AnswerParameters? TryRead(ModelInferResponse answer, UpstreamRequest request, out string error)
    {
        error = CheckModel(answer, request);
        if (error.Length > 0) return null;
        if (!answer.Parameters.ContainsKey(WireNames.Zone)) return Foreign;

        error = $"stated the zone '{Text(answer, WireNames.Zone)}' (expected one of {string.Join(", ", Zones.AllNames)}) or no cell";
        if (!Zones.TryParse(Text(answer, WireNames.Zone), out var zone) || Text(answer, WireNames.Cell) is not { Length: > 0 } cell) return null;

        error = "stated a confidence that is not a number from 0 to 1";
        var confidence = Number(answer, WireNames.Confidence);
        if (confidence is { } c && !(c >= 0 && c <= 1)) return null;

        error = "";
        var provenance = new Provenance(
            zone, cell, Text(answer, WireNames.Node) ?? "", request.Model, Version(answer, request), Text(answer, WireNames.Variant) ?? "",
            Text(answer, WireNames.ModelDigest) ?? "", Whole(answer, WireNames.PolicyRevision));
        return new AnswerParameters(
            provenance, Text(answer, WireNames.Label), confidence, Flag(answer, WireNames.Escalated), Flag(answer, WireNames.Degraded), Text(answer, WireNames.Reason) ?? "");
    }

    private static string CheckModel(ModelInferResponse answer, UpstreamRequest request)
    {
        if (answer.ModelName.Length > 0 && answer.ModelName != request.Model) return "answered for another model than it was asked";
        if (request.Version > 0 && answer.ModelVersion.Length > 0 && Version(answer, request) != request.Version) return "answered for another version than it was asked";
        return "";
    }

    private static int Version(ModelInferResponse answer, UpstreamRequest request)
    {
        if (answer.ModelVersion.Length == 0) return request.Version;
        return int.TryParse(answer.ModelVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }

    private static InferParameter? Find(ModelInferResponse answer, string name) => answer.Parameters.TryGetValue(name, out var found) ? found : null;

    /// <summary>Texts go into answers and logs: one that is longer than any of ours is cut.</summary>
    private static string? Text(ModelInferResponse answer, string name)
    {
        if (Find(answer, name) is not { HasStringParam: true } found) return null;
        var most = name == WireNames.Reason ? 4 * Limits.NameCharsMax : Limits.NameCharsMax;
        return found.StringParam.Length <= most ? found.StringParam : found.StringParam[..most];
    }

    private static double? Number(ModelInferResponse answer, string name) => Find(answer, name)?.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.DoubleParam => answer.Parameters[name].DoubleParam,
        InferParameter.ParameterChoiceOneofCase.Int64Param => answer.Parameters[name].Int64Param,
        _ => null,
    };

    private static long Whole(ModelInferResponse answer, string name) => Find(answer, name) is { HasInt64Param: true } found ? found.Int64Param : 0;

    private static bool Flag(ModelInferResponse answer, string name) => Find(answer, name) is { HasBoolParam: true, BoolParam: true };
}
