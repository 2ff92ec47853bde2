using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.FleetSimulator.Desk;

/// <summary>What an operator asks of a cell around a simulation, over its admin API.</summary>
/// <param name="address">Of the REST port.</param>
public sealed class CellDesk(HttpClient http, string address, string operatorKey)
{
    private const int TokenMinutes = 60;

    /// <summary>Enough tokens for so many nodes.</summary>
    public async Task<IReadOnlyList<string>> TokensAsync(int nodes)
    {
        var tokens = new List<string>();
        for (; nodes > 0; nodes -= Limits.JoinTokenUsesMax)
        {
            var made = await SendAsync(HttpMethod.Post, "join-tokens", JsonContent.Create(new { kind = "node", uses = Math.Min(nodes, Limits.JoinTokenUsesMax), ttl_minutes = TokenMinutes }));
            tokens.Add((string)made["token"]!);
        }

        return tokens;
    }

    /// <summary>Lets the cell sign documents in the publisher's name.</summary>
    public async Task EndorseAsync(ECDsa publisher)
    {
        var key = await SendAsync(HttpMethod.Get, "documents/key");
        var payload = EndorsementRules.Write((string)key["farm"]!, (string)key["public_key"]!, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await SendAsync(HttpMethod.Put, "documents/endorsement", new StringContent(Encoding.UTF8.GetString(DsseSigner.Sign(publisher, EndorsementRules.PayloadType, payload)), Encoding.UTF8, "application/json"));
    }

    /// <summary>Pushes a signed version's folder; on return it is in the catalogue.</summary>
    public async Task PushAsync(SignedVersion version)
    {
        var sizes = version.Files.ToDictionary(f => f, f => new FileInfo(Path.Combine(version.Folder, f)).Length);
        var begun = await SendAsync(HttpMethod.Post, $"models/{version.Model}/versions/{version.Version}:push", JsonContent.Create(new { signature = Convert.ToBase64String(version.Signature), sizes }));
        if ((bool)begun["published"]!) return;
        foreach (var file in begun["files"]!.AsArray().Where(f => !(bool)f!["complete"]!))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(version.Folder, (string)file!["name"]!));
            await SendAsync(HttpMethod.Put, $"uploads/{(string)begun["id"]!}/files/{(string)file["digest"]!}?offset=0", new ByteArrayContent(bytes));
        }

        await SendAsync(HttpMethod.Post, $"uploads/{(string)begun["id"]!}:commit");
    }

    /// <summary>The revision of the documents that hold in the cell.</summary>
    public async Task<long> RevisionAsync() => (long)(await SendAsync(HttpMethod.Get, "documents"))["revision"]!;

    /// <summary>Every node that a query lists, page after page.</summary>
    /// <param name="query">Of <c>GET /v1/nodes</c>, without <c>after</c>: <c>stage=serving&amp;label=region:eu-west</c> say.</param>
    public async Task<IReadOnlyList<JsonNode>> NodesAsync(string query, int rows = 100)
    {
        var (all, after) = (new List<JsonNode>(), "");
        while (true)
        {
            var page = await SendAsync(HttpMethod.Get, $"nodes?{query}&rows={rows}{(after.Length > 0 ? "&after=" + Uri.EscapeDataString(after) : "")}");
            all.AddRange(page["nodes"]!.AsArray().Select(n => n!));
            if ((string?)page["next"] is not { } next) return all;
            after = next;
        }
    }

    /// <exception cref="InvalidOperationException">The cell refused it; the message is the cell's.</exception>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, $"{address}/v1/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}");
    }
}
