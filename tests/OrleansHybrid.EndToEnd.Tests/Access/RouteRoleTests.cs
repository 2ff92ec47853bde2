using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Fleet;
using Xunit;
using FleetCalls = OrleansHybrid.Links.Protocol.Fleet.Fleet;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>Every route of a running cell, REST and gRPC, with every kind of credential, against one table.</summary>
public sealed partial class RouteRoleTests(AccessCells cells) : IClassFixture<AccessCells>
{
    private const int Unauthenticated = 16, PermissionDenied = 7;

    public static TheoryData<CallerKind> Kinds => [.. Callers.All];

    [Fact]
    public void Every_route_that_is_mapped_is_in_the_table_and_the_other_way_round()
    {
        var mapped = cells.Endpoints.Select(e => Normal(e.RoutePattern.RawText!)).Where(p => !RouteTable.IsUnimplemented(p)).Distinct().ToArray();
        var listed = RouteTable.Rows.Select(r => r.Pattern).Distinct().ToArray();

        Assert.True(!mapped.Except(listed).Any(), $"Mapped, and missing in {nameof(RouteTable)}: {string.Join(", ", mapped.Except(listed))}");
        Assert.True(!listed.Except(mapped).Any(), $"In {nameof(RouteTable)}, and mapped no more: {string.Join(", ", listed.Except(mapped))}");
    }

    [Fact]
    public void Every_method_that_is_mapped_is_in_the_table()
    {
        var mapped = cells.Endpoints
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Pattern: Normal(e.RoutePattern.RawText!))))
            .Where(r => !RouteTable.IsUnimplemented(r.Pattern)).Distinct();
        var missing = mapped.Except(RouteTable.Rows.Select(r => (r.Method, r.Pattern))).ToArray();

        Assert.True(missing.Length == 0, $"Mapped, and missing in {nameof(RouteTable)}: {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Caller_is_admitted_where_the_table_says_so_and_refused_everywhere_else(CallerKind caller)
    {
        var wrong = new List<string>();
        foreach (var row in RouteTable.Rows)
        {
            var expected = Callers.Refusal(caller, row.Needs);
            var actual = row.IsGrpc ? await AskGrpcAsync(row, caller) : await AskRestAsync(row, caller);
            if (actual != expected) wrong.Add($"{row.Method} {row.Pattern} needs {row.Needs}: expected {expected?.ToString() ?? "admitted"}, came {actual?.ToString() ?? "admitted"}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_call_of_the_fleet_service_has_a_right_of_its_own_and_a_row()
    {
        var calls = FleetCalls.Descriptor.Methods.Select(m => m.Name).Order().ToArray();

        Assert.Equal(calls, FleetGate.Rights.Keys.Order());
        Assert.Equal(calls, RouteTable.Rows.Where(r => r.Pattern.StartsWith("/" + FleetCalls.Descriptor.FullName + "/", StringComparison.Ordinal)).Select(r => r.Pattern.Split('/')[^1]).Order());
    }

    private async Task<HttpStatusCode?> AskRestAsync(RouteRow row, CallerKind caller)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), cells.Of(caller).HttpUrl + PathOf(row.Pattern));
        if (row.Method == "POST") request.Content = new StringContent("{}", MediaTypeHeaderValue.Parse(row.Content));
        Authorize(request, caller);
        using var answer = await cells.Http.SendAsync(request);
        return answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? answer.StatusCode : null;
    }

    /// <summary>One empty message; the answer's status is in its trailers, or in its head when it has nothing else.</summary>
    private async Task<HttpStatusCode?> AskGrpcAsync(RouteRow row, CallerKind caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, cells.Of(caller).GrpcUrl + row.Pattern)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        Authorize(request, caller);
        using var answer = await cells.Http.SendAsync(request, row.Endless ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return StatusOf(answer) switch
        {
            Unauthenticated => HttpStatusCode.Unauthorized,
            PermissionDenied => HttpStatusCode.Forbidden,
            null when !row.Endless => throw new InvalidOperationException($"{row.Pattern} answered without a grpc-status."),
            _ => null,
        };
    }

    private static int? StatusOf(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("grpc-status", out var values) && !answer.TrailingHeaders.TryGetValues("grpc-status", out values)) return null;
        return int.Parse(values.Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Authorize(HttpRequestMessage request, CallerKind caller)
    {
        if (cells.KeyOf(caller) is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    private static string PathOf(string pattern) => Parameter().Replace(pattern, static p => p.Value switch
    {
        "{version}" or "{version:int}" => "1",
        "{documentName}" => "v1",
        _ => "none",
    });

    private static string Normal(string pattern) => pattern.StartsWith('/') ? pattern : "/" + pattern;

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}

/// <summary>A cell that needs keys, one that does not, and a credential of every kind.</summary>
public sealed class AccessCells : IAsyncLifetime
{
    private readonly TempFolder requiredFolder = new();
    private readonly TempFolder offFolder = new();
    private readonly Dictionary<CallerKind, string> keys = [];
    private RunningCell? required;
    private RunningCell? off;

    public HttpClient Http { get; } = new() { Timeout = Wait.Long };

    internal IEnumerable<RouteEndpoint> Endpoints => required!.Endpoints;

    internal TestCell Of(CallerKind caller) => (Callers.IsRequired(caller) ? required : off)!.Cell;

    internal string? KeyOf(CallerKind caller) => keys.GetValueOrDefault(caller);

    public async Task InitializeAsync()
    {
        required = await RunningCell.StartAsync(TestCell.Create("central"), requiredFolder, ["--auth", "required", "--models", Directory.CreateDirectory(requiredFolder.Sub("none")).FullName]);
        off = await RunningCell.StartAsync("central", offFolder);
        keys[CallerKind.WrongKey] = keys[CallerKind.WrongKeyWhereNoneIsNeeded] = "something";
        keys[CallerKind.OperatorKey] = required.OperatorKey;
        keys[CallerKind.LinkKey] = required.LinkKey;
        keys[CallerKind.Viewer] = (await required.MakeKeyAsync(Http, "free", "viewer")).Key;
        keys[CallerKind.Infer] = (await required.MakeKeyAsync(Http, "free", "infer")).Key;
        keys[CallerKind.Operator] = (await required.MakeKeyAsync(Http, "free", "operator")).Key;
        keys[CallerKind.Approver] = (await required.MakeKeyAsync(Http, "free", "approver")).Key;
        var enrolment = new Enrolments(required, Http);
        keys[CallerKind.Node] = await enrolment.EnrolAsync("node", "box-1");
        keys[CallerKind.Region] = await enrolment.EnrolAsync("region", "eu-west");
        keys[CallerKind.RevokedNode] = await enrolment.EnrolAsync("node", "box-2");
        keys[CallerKind.RevokedRegion] = await enrolment.EnrolAsync("region", "us-east");
        await enrolment.RevokeAsync("nodes/box-2");
        await enrolment.RevokeAsync("regions/us-east");
        keys[CallerKind.WrongSecret] = keys[CallerKind.Operator][..^4] + "0000";
        var (revoked, id) = await required.MakeKeyAsync(Http, "free", "operator");
        keys[CallerKind.RevokedKey] = revoked;
        using var ending = new HttpRequestMessage(HttpMethod.Delete, $"{required.Cell.HttpUrl}/v1/keys/{id}");
        ending.Headers.Authorization = new AuthenticationHeaderValue("Bearer", required.OperatorKey);
        (await Http.SendAsync(ending)).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (off is not null) await off.DisposeAsync();
        if (required is not null) await required.DisposeAsync();
        offFolder.Dispose();
        requiredFolder.Dispose();
    }
}
