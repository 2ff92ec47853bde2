using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Hosting;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Routes about the server itself.</summary>
internal sealed class ServerEndpoints(GatewayOptions options)
{
    /// <summary>The process answers. Touches nothing else.</summary>
    public Task LiveAsync(HttpContext context, CallerIdentity identity) => JsonAnswer.WriteAsync(context, static json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("live", true);
        json.WriteEndObject();
    });

    /// <summary>Whether the cell can answer now.</summary>
    public Task ReadyAsync(HttpContext context, CallerIdentity identity)
    {
        if (!options.IsReady()) return FailureWriter.WriteAsync(context, new InferenceFailure(FailureCode.ModelNotReady, "The server is not ready yet, or is stopping.", TimeSpan.FromSeconds(1)));
        return JsonAnswer.WriteAsync(context, static json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ready", true);
            json.WriteEndObject();
        });
    }

    public Task MetadataAsync(HttpContext context, CallerIdentity identity) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", options.ServerName);
        json.WriteString("version", options.ServerVersion);
        json.WriteStartArray("extensions");
        foreach (var extension in options.AnnouncedExtensions) json.WriteStringValue(extension);
        json.WriteEndArray();
        json.WriteString("cell", options.Cell);
        json.WriteString("zone", options.Zone.WireName());
        json.WriteString("node", options.Node);
        json.WriteEndObject();
    });
}
