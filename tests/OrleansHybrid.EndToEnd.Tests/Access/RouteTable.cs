namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>What a caller must hold for a route.</summary>
internal enum Needs
{
    /// <summary>Open to everybody, a wrong key included: it is not looked at.</summary>
    Nothing,

    /// <summary>Viewer or infer.</summary>
    Reader,
    Viewer,
    Infer,
    Operator,

    /// <summary>Operator or approver.</summary>
    Auditor,

    /// <summary>A node's credential, or a link's; no person's.</summary>
    Node,

    /// <summary>Reader or node.</summary>
    ReaderOrNode,
}

/// <param name="Method">The one that is tried. A gRPC method is POST on the gRPC port.</param>
/// <param name="Pattern">As the server maps it.</param>
/// <param name="Content">The type of a body that the route takes: with another it answers 415 before it asks who calls.</param>
/// <param name="Endless">The answer does not end by itself: its head is looked at.</param>
internal sealed record RouteRow(string Method, string Pattern, Needs Needs, bool Endless = false, string Content = "application/json")
{
    /// <summary>A service's full name has dots; no first part of a REST path has.</summary>
    public bool IsGrpc => Pattern.Split('/')[1].Contains('.', StringComparison.Ordinal);
}

/// <summary>Every route of a cell and the role it needs. A route that is mapped and not in here fails the tests: add a row.</summary>
internal static class RouteTable
{
    private const string Rpc = "/inference.GRPCInferenceService/";
    private const string Fleet = "/orleanshybrid.fleet.v1.Fleet/";
    private const string Model = "/v2/models/{model}";
    private const string Version = "/v2/models/{model}/versions/{version}";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        // Liveness and readiness are for probes, which have no key.
        new("GET", "/health/live", Needs.Nothing),
        new("GET", "/v2/health/live", Needs.Nothing),
        new("GET", "/v2/health/ready", Needs.Nothing),

        // Metadata, for those who infer as well as for those who look.
        new("GET", "/v2", Needs.Reader),
        new("GET", "/v2/models/stats", Needs.Reader),
        .. ForBoth("GET", "", Needs.Reader),
        .. ForBoth("GET", "/ready", Needs.Reader),
        .. ForBoth("GET", "/config", Needs.Reader),
        .. ForBoth("GET", "/stats", Needs.Reader),
        new("POST", "/v2/repository/index", Needs.Reader),
        new("POST", "/v1/routes:explain", Needs.Reader),

        .. ForBoth("POST", "/infer", Needs.Infer),
        new("POST", "/v2/repository/models/{model}/load", Needs.Operator),
        new("POST", "/v2/repository/models/{model}/unload", Needs.Operator),

        // Refusals say the same to everybody.
        .. ForBoth("POST", "/generate", Needs.Nothing),
        .. ForBoth("POST", "/generate_stream", Needs.Nothing),
        new("GET", "/v2/systemsharedmemory/{**rest}", Needs.Nothing),
        new("GET", "/v2/cudasharedmemory/{**rest}", Needs.Nothing),
        new("GET", "/v2/trace/setting", Needs.Nothing),
        new("GET", "/v2/models/{model}/trace/setting", Needs.Nothing),
        new("GET", "/v2/logging", Needs.Nothing),
        new("GET", "/v2/{**rest}", Needs.Nothing),

        // The admin API: reading for viewers, changing for operators.
        new("GET", "/metrics", Needs.Viewer),
        new("GET", "/openapi/{documentName}.json", Needs.Viewer),
        new("GET", "/docs/{documentName?}", Needs.Viewer),
        new("GET", "/docs/scalar.js", Needs.Viewer),
        new("GET", "/docs/scalar.aspnetcore.js", Needs.Viewer),
        new("GET", "/docs/favicon.svg", Needs.Viewer),
        new("GET", "/v1/audit", Needs.Auditor),
        new("GET", "/v1/health", Needs.Viewer),
        new("GET", "/v1/models", Needs.Viewer),
        new("POST", "/v1/models/{model}:fit", Needs.Viewer),
        new("GET", "/v1/versions", Needs.Viewer),
        new("GET", "/v1/versions/{model}/{version:int}", Needs.Viewer),
        new("GET", "/v1/nodes", Needs.Viewer),
        new("GET", "/v1/nodes/{node}", Needs.Viewer),
        new("POST", "/v1/nodes/{node}:revoke", Needs.Operator),
        new("GET", "/v1/regions", Needs.Viewer),
        new("GET", "/v1/regions/{region}", Needs.Viewer),
        new("POST", "/v1/regions/{region}:revoke", Needs.Operator),
        new("POST", "/v1/join-tokens", Needs.Operator),
        new("GET", "/v1/join-tokens", Needs.Operator),
        new("POST", "/v1/join-tokens/{id}:revoke", Needs.Operator),
        new("GET", "/v1/egress", Needs.Viewer),
        new("GET", "/v1/ledger", Needs.Viewer),
        new("GET", "/v1/decisions", Needs.Viewer),
        new("POST", "/v1/routes:replay", Needs.Viewer),
        new("GET", "/v1/policies", Needs.Viewer),
        new("GET", "/v1/policies/{revision}", Needs.Viewer),
        new("POST", "/v1/policies", Needs.Operator, Content: "application/yaml"),
        new("POST", "/v1/policies:test", Needs.Viewer),
        new("GET", "/v1/limits", Needs.Viewer),
        new("GET", "/v1/links", Needs.Viewer),
        new("POST", "/v1/links/{cell}:cut", Needs.Operator),
        new("POST", "/v1/links/{cell}:heal", Needs.Operator),
        new("GET", "/v1/documents", Needs.Viewer),
        new("GET", "/v1/documents/key", Needs.Viewer),
        new("PUT", "/v1/documents/endorsement", Needs.Operator),
        new("GET", "/v1/catalogue", Needs.Viewer),
        new("GET", "/v1/models/{model}/policy", Needs.Viewer),
        new("PUT", "/v1/models/{model}/policy", Needs.Operator),
        new("POST", "/v1/models/{model}/versions/{version:int}:block", Needs.Operator),
        new("POST", "/v1/models/{model}/versions/{version:int}:unblock", Needs.Operator),
        new("POST", "/v1/models/{model}/versions/{version:int}:push", Needs.Operator),
        new("GET", "/v1/uploads", Needs.Operator),
        new("PUT", "/v1/uploads/{id}/files/{digest}", Needs.Operator),
        new("POST", "/v1/uploads/{id}:commit", Needs.Operator),
        new("DELETE", "/v1/uploads/{id}", Needs.Operator),
        new("POST", "/v1/keys", Needs.Operator),
        new("GET", "/v1/keys", Needs.Operator),
        new("DELETE", "/v1/keys/{id}", Needs.Operator),

        // The same over gRPC.
        new("POST", Rpc + "ServerLive", Needs.Nothing),
        new("POST", Rpc + "ServerReady", Needs.Nothing),
        new("POST", Rpc + "ServerMetadata", Needs.Reader),
        new("POST", Rpc + "ModelReady", Needs.Reader),
        new("POST", Rpc + "ModelMetadata", Needs.Reader),
        new("POST", Rpc + "ModelConfig", Needs.Reader),
        new("POST", Rpc + "ModelStatistics", Needs.Reader),
        new("POST", Rpc + "RepositoryIndex", Needs.Reader),
        new("POST", Rpc + "ModelInfer", Needs.Infer),
        new("POST", Rpc + "ModelStreamInfer", Needs.Nothing),
        new("POST", Rpc + "RepositoryModelLoad", Needs.Operator),
        new("POST", Rpc + "RepositoryModelUnload", Needs.Operator),
        new("POST", Fleet + "Enrol", Needs.Nothing),
        new("POST", Fleet + "CheckIn", Needs.Node),
        new("POST", Fleet + "GetDocuments", Needs.ReaderOrNode),
        new("POST", Fleet + "GetBlob", Needs.Node),
        new("POST", Fleet + "GetPolicy", Needs.ReaderOrNode),
        new("POST", "/grpc.health.v1.Health/Check", Needs.Nothing),
        new("POST", "/grpc.health.v1.Health/Watch", Needs.Nothing, Endless: true),
    ];

    /// <summary>What the gRPC library maps for methods that nobody has.</summary>
    public static bool IsUnimplemented(string pattern) => pattern.Contains("{unimplemented", StringComparison.Ordinal);

    private static IEnumerable<RouteRow> ForBoth(string method, string rest, Needs needs) => [new(method, Model + rest, needs), new(method, Version + rest, needs)];
}
