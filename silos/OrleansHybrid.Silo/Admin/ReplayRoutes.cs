using System.Net;
using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Records;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>POST /v1/routes:replay</c>: what a draft policy would have done with the requests that this silo kept. Changes nothing.</summary>
internal static class ReplayRoutes
{
    private const int RecordsDefault = 1000;
    private const int ExamplesDefault = 10;

    /// <summary>One at a time: a replay plans thousands of requests while others wait for answers.</summary>
    private static readonly SemaphoreSlim One = new(1);

    public static void MapReplay(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/routes:replay", ReplayAsync).WithName("ReplayRoutes").Accepts<ReplayBody>("application/json", "application/yaml").Produces<ReplayReport>()
            .WithSummary("What a draft policy would have done with this silo's recorded requests: zone mix, predicted latency and cost, ceilings, refusals, examples.");

    private static async Task<IResult> ReplayAsync(HttpContext http, RecordLog<DecisionRecord> log, IModelRepository repository, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReplayBody.ReadAsync(http, cancellationToken);
        if (body is null) return AdminProblem.Of(HttpStatusCode.BadRequest, problem);
        var draft = PolicyReader.Read(body.PolicyText, "draft");
        if (draft.Policy is not { } policy) return Results.Json(new DraftProblem("The draft policy has errors: nothing was replayed.", draft.Lines), RecordJson.Options, statusCode: (int)HttpStatusCode.BadRequest);
        await One.WaitAsync(cancellationToken);
        try
        {
            var query = new RecordQuery<DecisionRecord>(body.Since, r => body.Model is null || r.Ask.Model == body.Model, Math.Clamp(body.Limit ?? RecordsDefault, 1, Limits.ReplayRecordsMax));
            var records = await log.ReadAsync(query, cancellationToken);
            var report = DecisionReplay.Run(records.Select(r => r.Record), policy, repository.State, body.Examples ?? ExamplesDefault);
            return Results.Json(report, RecordJson.Options);
        }
        finally
        {
            One.Release();
        }
    }
}

/// <summary>What a replay is asked for.</summary>
/// <param name="Policy">The draft: the policy file's text, or the same as JSON.</param>
/// <param name="Since">Records at or after this moment; absent: all that are kept.</param>
/// <param name="Limit">At most this many records, the newest.</param>
internal sealed record ReplayBody(JsonElement Policy, DateTimeOffset? Since = null, string? Model = null, int? Limit = null, int? Examples = null)
{
    private const string Yaml = "application/yaml";

    /// <summary>JSON is YAML too, so one reader takes both.</summary>
    public byte[] PolicyText => Encoding.UTF8.GetBytes(Policy.ValueKind == JsonValueKind.String ? Policy.GetString()! : Policy.GetRawText());

    /// <summary>A JSON body, or the draft alone as YAML with the rest in the query.</summary>
    public static async Task<(ReplayBody? Body, string Problem)> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var text = await BoundedAsync(http.Request.Body, cancellationToken);
        if (text is null) return (null, $"The body has more than {Limits.ManifestBytesMax} bytes. Send the policy file and nothing else.");
        if (http.Request.ContentType?.StartsWith(Yaml, StringComparison.OrdinalIgnoreCase) ?? false) return FromQuery(http.Request.Query, Encoding.UTF8.GetString(text));
        return RecordJson.TryRead<ReplayBody>(text) is { } body
            ? (body, "")
            : (null, "The body is not what a replay takes. Send JSON with policy and, where wanted, since, model, limit and examples; or the policy as application/yaml with these in the query.");
    }

    private static (ReplayBody?, string) FromQuery(IQueryCollection query, string policy)
    {
        var json = new Dictionary<string, object?> { ["policy"] = policy };
        foreach (var name in new[] { "since", "model" }) if (query.ContainsKey(name)) json[name] = query[name].ToString();
        foreach (var name in new[] { "limit", "examples" }) if (query.ContainsKey(name)) json[name] = int.TryParse(query[name], out var number) ? number : query[name].ToString();
        return RecordJson.TryRead<ReplayBody>(JsonSerializer.SerializeToUtf8Bytes(json)) is { } body
            ? (body, "")
            : (null, "The query is not what a replay takes: since is a moment as in 2026-01-05T12:00:00Z, limit and examples are whole numbers.");
    }

    private static async Task<byte[]?> BoundedAsync(Stream body, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (var read = await body.ReadAsync(buffer, cancellationToken); read > 0; read = await body.ReadAsync(buffer, cancellationToken))
        {
            if (text.Length + read > Limits.ManifestBytesMax) return null;
            text.Write(buffer, 0, read);
        }

        return text.ToArray();
    }
}

internal sealed record DraftProblem(string Error, IReadOnlyList<string> Errors);
