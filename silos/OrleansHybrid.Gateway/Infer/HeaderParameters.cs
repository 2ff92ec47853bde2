using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Rest;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Reads request parameters from headers (or gRPC metadata): <c>hybrid-&lt;name&gt;</c> with dashes.</summary>
internal static class HeaderParameters
{
    /// <summary>Merges the headers' parameters into the body's.</summary>
    public static InferenceFailure? MergeInto(ParameterDraft body, IHeaderDictionary headers)
    {
        ParameterDraft? own = null;
        foreach (var (name, values) in headers)
        {
            if (!name.StartsWith(ProtocolHeaders.ParameterPrefix, StringComparison.OrdinalIgnoreCase) || IsHop(name)) continue;
            own ??= new ParameterDraft();
            foreach (var text in values)
            {
                if (Set(own, name, text ?? "") is { } failure) return failure;
            }
        }

        return own is null ? null : body.Merge(own);
    }

    private static bool IsHop(string name) =>
        name.Equals(ProtocolHeaders.Hops, StringComparison.OrdinalIgnoreCase) || name.Equals(ProtocolHeaders.Tenant, StringComparison.OrdinalIgnoreCase);

    private static InferenceFailure? Set(ParameterDraft draft, string header, string text)
    {
        var name = header[ProtocolHeaders.ParameterPrefix.Length..].Replace('-', '_').ToLowerInvariant();
        switch (name)
        {
            case "mode" or "privacy":
            case var tag when tag.StartsWith("tag_", StringComparison.Ordinal):
                return draft.Set(name, ParameterValue.Of(text));
            case "latency_target_ms" or "max_cost_microusd" or "confidence_floor" or "explain":
                return draft.Set(name, Parse(text));
            default:
                return ParameterNames.UnknownHeader(header);
        }
    }

    /// <summary>The value that a header's text stands for; what stays text is refused where a number or truth value is expected.</summary>
    private static ParameterValue Parse(string text)
    {
        if (text is "true" or "false") return ParameterValue.Of(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return ParameterValue.Of(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? ParameterValue.Of(number) : ParameterValue.Of(text);
    }
}
