using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Admin;

/// <summary>Reads the JSON body of an admin route: bounded, and with an error that says where it is wrong.</summary>
internal static class AdminBody
{
    /// <summary>The body, or the answer to give instead.</summary>
    public static ValueTask<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext http, CancellationToken cancellationToken)
        where T : class => ReadAsync<T>(http, Limits.AdminBodyBytesMax, cancellationToken);

    /// <inheritdoc cref="ReadAsync{T}(HttpContext, CancellationToken)"/>
    /// <param name="bytesMax">For a route whose body may be larger or must be smaller than others'.</param>
    public static async ValueTask<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext http, long bytesMax, CancellationToken cancellationToken)
        where T : class
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = bytesMax;
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, options, cancellationToken) is { } body
                ? (body, null)
                : (null, AdminProblem.Of(HttpStatusCode.BadRequest, "The body is null; a JSON object was expected."));
        }
        catch (JsonException wrong)
        {
            return (null, AdminProblem.Of(HttpStatusCode.BadRequest, Describe(wrong)));
        }
        catch (BadHttpRequestException wrong)
        {
            return (null, AdminProblem.Of((HttpStatusCode)wrong.StatusCode, $"The body could not be read; at most {bytesMax} bytes are taken."));
        }
    }

    /// <summary>The place alone: a message of the parser may quote what was sent.</summary>
    private static string Describe(JsonException wrong) =>
        $"The body is not the JSON object that was expected: look at {(string.IsNullOrEmpty(wrong.Path) ? "$" : wrong.Path)}, line {wrong.LineNumber + 1}. /openapi/v1.json describes it; unknown properties are refused.";
}
