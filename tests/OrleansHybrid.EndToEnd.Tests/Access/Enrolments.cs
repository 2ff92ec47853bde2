using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>Credentials as nodes and regions get them: an operator's join token, used over the fleet protocol.</summary>
internal sealed class Enrolments(RunningCell cell, HttpClient http)
{
    /// <param name="kind">node or region.</param>
    /// <returns>The credential, <c>hyn_…</c>.</returns>
    public async Task<string> EnrolAsync(string kind, string name)
    {
        var token = (string)JsonNode.Parse(await SendAsync("join-tokens", JsonContent.Create(new { kind })))!["token"]!;
        using var client = new FleetClient(new UpstreamOptions(cell.Cell.GrpcUrl, name, Zone.Device), TimeProvider.System);
        var enrolled = await client.EnrolAsync(new Enrolment(token, name, "", NodeAttributes.Unknown, 1 << 30, 4), default);
        return enrolled.Failure is { } failure ? throw new InvalidOperationException(failure.Message) : enrolled.Credential;
    }

    /// <param name="what"><c>nodes/{name}</c> or <c>regions/{name}</c>.</param>
    public Task RevokeAsync(string what) => SendAsync(what + ":revoke", null);

    private async Task<string> SendAsync(string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{cell.Cell.HttpUrl}/v1/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cell.OperatorKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}");
    }
}
