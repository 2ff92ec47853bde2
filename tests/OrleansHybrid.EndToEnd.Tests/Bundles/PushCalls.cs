using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>What a cell answered to one call.</summary>
internal sealed record PushAnswer(int Status, JsonNode? Body)
{
    public string? Refusal => (string?)(Body as JsonObject)?["refusal"];
}

/// <summary>The push routes of one cell, as any HTTP client calls them.</summary>
internal sealed class PushCalls(HttpClient http, TestCell cell, string operatorKey)
{
    public Task<PushAnswer> BeginAsync(PushedVersion version, string? signature = null, Action<Dictionary<string, long>>? sizes = null, string? model = null, int? number = null)
    {
        var said = version.Files.ToDictionary(f => f, f => (long)version.Read(f).Length);
        sizes?.Invoke(said);
        return SendAsync(HttpMethod.Post, $"models/{model ?? version.Model}/versions/{number ?? version.Version}:push", JsonContent.Create(new { signature = signature ?? Convert.ToBase64String(version.Signature), sizes = said }));
    }

    public Task<PushAnswer> PutAsync(string id, string digest, byte[] bytes, long offset = 0) => SendAsync(HttpMethod.Put, $"uploads/{id}/files/{digest}?offset={offset}", new ByteArrayContent(bytes));

    public Task<PushAnswer> CommitAsync(string id) => SendAsync(HttpMethod.Post, $"uploads/{id}:commit", null);

    /// <summary>The whole way; the first answer that is none of success is the last.</summary>
    public async Task<PushAnswer> PushAsync(PushedVersion version)
    {
        var begun = await BeginAsync(version);
        if (begun.Status != 200 || (bool)begun.Body!["published"]!) return begun;
        foreach (var file in begun.Body["files"]!.AsArray().Where(f => !(bool)f!["complete"]!))
        {
            var here = (long)file!["bytes_here"]!;
            var put = await PutAsync((string)begun.Body["id"]!, (string)file["digest"]!, version.Read((string)file["name"]!)[(int)here..], here);
            if (put.Status != 200) return put;
        }

        return await CommitAsync((string)begun.Body["id"]!);
    }

    /// <summary>A publisher lets the cell sign for it.</summary>
    public async Task EndorseAsync(PushedVersion version)
    {
        var key = (await SendAsync(HttpMethod.Get, "documents/key", null)).Body!;
        using var signing = PublisherKeyFile.Read(version.KeyPath, out _)!.Open(Publisher.Passphrase, allowPlain: false, out _)!;
        var payload = EndorsementRules.Write((string)key["farm"]!, (string)key["public_key"]!, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var answer = await SendAsync(HttpMethod.Put, "documents/endorsement", new StringContent(Encoding.UTF8.GetString(DsseSigner.Sign(signing, EndorsementRules.PayloadType, payload)), Encoding.UTF8, "application/json"));
        if (answer.Status != 200) throw new InvalidOperationException(answer.Body?.ToString());
    }

    /// <summary>Null: it is not published.</summary>
    public async Task<JsonNode?> PublishedAsync(string model, int version) =>
        (await SendAsync(HttpMethod.Get, "catalogue", null)).Body!["models"]!.AsArray().FirstOrDefault(m => (string)m!["model"]! == model)?["versions"]!.AsArray().FirstOrDefault(v => (int)v!["version"]! == version);

    public async Task<JsonArray> AuditAsync(string verb, string subject) => (await SendAsync(HttpMethod.Get, $"audit?what={verb}&subject={subject}", null)).Body!["entries"]!.AsArray();

    public async Task<PushAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"{cell.HttpUrl}/v1/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new PushAnswer((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public static string DigestOf(byte[] bytes) => BundleDigests.Of(bytes);
}
