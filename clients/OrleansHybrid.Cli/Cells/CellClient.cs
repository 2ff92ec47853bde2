using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Cells;

/// <summary>An answer of a cell's admin API.</summary>
/// <param name="Status">0: no answer came.</param>
/// <param name="Problem">Null when it went well.</param>
internal sealed record CellAnswer(int Status, JsonNode? Body, CommandOutcome? Problem);

/// <summary>Calls a cell's admin API: the key as bearer, the cell's own words when it refuses, and what to do when it does not answer.</summary>
internal sealed class CellClient : IDisposable
{
    public const string DefaultCell = "http://127.0.0.1:8000";
    private const string KeyVariable = "HYBRID_KEY";
    private static readonly string LocalKey = Path.Combine(".hybrid", "central", "operator.key");

    private readonly HttpClient http;
    private readonly string cell;
    private readonly LinkTls tls;

    private CellClient(string cell, Uri address, string? key, LinkTls tls)
    {
        (this.cell, this.tls) = (cell, tls);
        // No time limit for a whole call: a file may take hours. The caller's token ends it.
        // TLS is with the cell itself, so that https goes past a proxy: it would be the one whose certificate is looked at.
        var handler = new SocketsHttpHandler
        {
            UseProxy = address.Scheme == Uri.UriSchemeHttp,
            ConnectTimeout = Limits.TlsHandshakeMax,
            ConnectCallback = (context, stop) => LinkConnector.ConnectAsync(context, tls, SslApplicationProtocol.Http11, null, stop),
        };
        http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <param name="keyFile">Null: <c>HYBRID_KEY</c>, else the key of a farm that was started in this folder, else none.</param>
    /// <param name="files">By whom an https cell is believed, and what is shown to it.</param>
    public static CellClient? Create(string cell, string? keyFile, LinkTlsFiles files, out CommandOutcome? problem)
    {
        problem = null;
        if (!Uri.TryCreate(cell.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) problem = CommandOutcome.Usage($"expected a cell's address such as {DefaultCell}; came '{cell}'.");
        else if (keyFile is not null && !File.Exists(keyFile)) problem = CommandOutcome.Usage($"there is no key file '{keyFile}'. It is operator.key in the cell's data folder, or a file with a key that an operator made.");
        if (problem is not null) return null;
        if (files.Open(TimeProvider.System, static _ => { }, out var wrong) is { } tls) return new CellClient(cell.TrimEnd('/'), address!, KeyOf(keyFile), tls);
        problem = CommandOutcome.Usage($"--ca, --certificate, --key-file: {wrong}.");
        return null;
    }

    public Task<CellAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<CellAnswer> SendJsonAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body, body.GetType()), cancellationToken);

    public async Task<CellAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var answer = await http.SendAsync(request, cancellationToken);
            var body = Read(await answer.Content.ReadAsStringAsync(cancellationToken));
            return new CellAnswer((int)answer.StatusCode, body, answer.IsSuccessStatusCode ? null : ProblemOf((int)answer.StatusCode, body));
        }
        catch (HttpRequestException untrusted) when (untrusted.InnerException is AuthenticationException why)
        {
            return new CellAnswer(0, null, CommandOutcome.Refused("Untrusted", $"{cell} is not believed: {why.Message} Give the authorities that made its certificate with --ca."));
        }
        catch (HttpRequestException unreachable)
        {
            return new CellAnswer(0, null, CommandOutcome.Refused("Unreachable", $"{cell} does not answer ({unreachable.HttpRequestError}). See that the cell runs and give its REST address with --cell."));
        }
        catch (IOException broken)
        {
            return new CellAnswer(0, null, CommandOutcome.Refused("Unreachable", $"The connection to {cell} broke off: {broken.Message}"));
        }
    }

    public void Dispose()
    {
        http.Dispose();
        tls.Dispose();
    }

    private CommandOutcome ProblemOf(int status, JsonNode? body)
    {
        var said = (body as JsonObject)?["error"]?.GetValue<string>() ?? $"{cell} answered with HTTP status {status}.";
        var reason = (body as JsonObject)?["refusal"]?.GetValue<string>() ?? status switch { 401 => "Unauthorized", 403 => "Forbidden", 404 => "NotFound", 409 => "Conflict", 429 => "TooMany", 503 => "Unavailable", _ => "Refused" };
        return CommandOutcome.Refused(reason, status is 401 or 403 ? said + $" Here: --operator-key FILE or {KeyVariable}." : said);
    }

    private static JsonNode? Read(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? KeyOf(string? file)
    {
        if (file is null && Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key) return key;
        file ??= File.Exists(LocalKey) ? LocalKey : null;
        return file is null ? null : File.ReadAllText(file).Trim();
    }
}
