using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Answers;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Sends a composed answer: the JSON part, then the binary tensors straight from their leases.</summary>
internal static class Answer
{
    /// <summary>Below this many bytes compression costs more than it saves.</summary>
    private const int CompressFromBytes = 1024;

    public static async ValueTask<long> SendAsync(HttpContext context, ReadOnlyMemory<byte> json, AnswerPlan? plan)
    {
        var response = context.Response;
        long total = json.Length;
        var anyBinary = false;
        foreach (var output in plan?.Tensors ?? [])
        {
            if (!output.Binary) continue;
            anyBinary = true;
            total += output.Tensor.Data.Length;
        }

        response.ContentType = anyBinary ? "application/octet-stream" : "application/json";
        if (anyBinary) response.Headers[ProtocolHeaders.InferenceHeaderLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        var encoding = total < CompressFromBytes ? null : AcceptedEncoding.Choose(context.Request.Headers.AcceptEncoding);
        if (encoding is null)
        {
            response.ContentLength = total;
            await WriteAsync(response.Body, json, plan, context.RequestAborted);
            return total;
        }

        response.Headers.ContentEncoding = encoding;
        response.Headers.Vary = "Accept-Encoding";
        await using Stream packed = encoding == "gzip"
            ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(packed, json, plan, context.RequestAborted);
        return total;
    }

    private static async ValueTask WriteAsync(Stream target, ReadOnlyMemory<byte> json, AnswerPlan? plan, CancellationToken cancellationToken)
    {
        await target.WriteAsync(json, cancellationToken);
        if (plan is null) return;
        foreach (var output in plan.Tensors)
        {
            if (output.Binary) await target.WriteAsync(output.Tensor.Data.Memory, cancellationToken);
        }
    }
}
