using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Answers;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Answers of the small routes.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var buffer = new AnswerBuffer();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        await Answer.SendAsync(context, buffer.Written, null);
    }
}
