using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Audit;

/// <summary>Calls of an operator on one cell.</summary>
internal sealed class AuditCalls(string url, string operatorKey) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = Wait.Long };

    public static AuditCalls Of(TestCell cell, string folder) => new(cell.HttpUrl, File.ReadAllText(Path.Combine(cell.DataFolder(folder), "operator.key")).Trim());

    /// <summary>The id of a new key.</summary>
    public async Task<string> MakeKeyAsync(string tenant, string? reason = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/v1/keys", JsonContent.Create(new { tenant, roles = new[] { "viewer" } }), reason);
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("id").GetString()!;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? reason = null)
    {
        using var request = new HttpRequestMessage(method, url + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        if (reason is not null) request.Headers.Add("hybrid-reason", Uri.EscapeDataString(reason));
        return await http.SendAsync(request);
    }

    /// <summary>A page, once the silo has read its log.</summary>
    public async Task<AuditPage> ReadAsync(string query = "?order=oldest")
    {
        AuditPage? page = null;
        await Wait.Until(
            async () =>
            {
                using var answer = await SendAsync(HttpMethod.Get, "/v1/audit" + query);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException(text);
                page = new AuditPage(text, JsonDocument.Parse(text).RootElement);
                return page.Verified is not null;
            },
            "the audit log to be read");
        return page!;
    }

    public async Task<string> MetricsAsync()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/metrics");
        return await answer.Content.ReadAsStringAsync();
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer of <c>GET /v1/audit</c>.</summary>
internal sealed record AuditPage(string Text, JsonElement Root)
{
    public bool? Verified => Root.GetProperty("verified") is { ValueKind: not JsonValueKind.Null } v ? v.GetBoolean() : null;

    public long? BrokenFrom => Root.GetProperty("broken_from") is { ValueKind: JsonValueKind.Number } n ? n.GetInt64() : null;

    public long? Next => Root.GetProperty("next") is { ValueKind: JsonValueKind.Number } n ? n.GetInt64() : null;

    public long Last => Root.GetProperty("head").GetProperty("sequence").GetInt64();

    public JsonElement[] Entries => [.. Root.GetProperty("entries").EnumerateArray()];

    public string[] All(string field) => [.. Entries.Select(e => e.GetProperty(field).ToString())];
}
