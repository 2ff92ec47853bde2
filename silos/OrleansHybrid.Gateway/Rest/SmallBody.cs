using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Json;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Reads the JSON body of a small route; an empty body stands for an empty object.</summary>
internal static class SmallBody
{
    /// <summary>Reads the value at the cursor; false: the cursor has the reason.</summary>
    public delegate bool Parser(ref JsonCursor cursor);

    public static async ValueTask<InferenceFailure?> ReadAsync(HttpContext context, GatewayOptions options, Parser parse)
    {
        if (RequestBody.Open(context.Request, Math.Min(options.RequestBytesMax, Limits.ManifestBytesMax), out var body) is { } refused) return refused;
        await using (body)
        {
            var (content, failure) = await body.ReadAllAsync(options.Pool, context.RequestAborted);
            if (content is null) return failure;
            using (content) return Parse(content.Span, parse);
        }
    }

    private static InferenceFailure? Parse(ReadOnlySpan<byte> json, Parser parse)
    {
        var cursor = new JsonCursor(json);
        if (cursor.Peek() == 0) return null;
        return parse(ref cursor) && cursor.End() ? null : cursor.Failure;
    }
}
