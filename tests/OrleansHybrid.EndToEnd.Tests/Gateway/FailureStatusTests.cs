using System.Net;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Links.Protocol;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class FailureStatusTests
{
    public static TheoryData<FailureCode, int, StatusCode> Table { get; } = new()
    {
        { FailureCode.ModelNotFound, 404, StatusCode.NotFound },
        { FailureCode.VersionNotFound, 404, StatusCode.NotFound },
        { FailureCode.ModelNotReady, 503, StatusCode.Unavailable },
        { FailureCode.BadInput, 400, StatusCode.InvalidArgument },
        { FailureCode.TooLarge, 413, StatusCode.ResourceExhausted },
        { FailureCode.Overloaded, 429, StatusCode.ResourceExhausted },
        { FailureCode.DeadlineExceeded, 504, StatusCode.DeadlineExceeded },
        { FailureCode.Cancelled, 499, StatusCode.Cancelled },
        { FailureCode.PrivacyRefused, 403, StatusCode.PermissionDenied },
        { FailureCode.NoEligibleZone, 422, StatusCode.FailedPrecondition },
        { FailureCode.UpstreamUnavailable, 503, StatusCode.Unavailable },
        { FailureCode.UpstreamRejected, 502, StatusCode.Aborted },
        { FailureCode.ModelFailed, 500, StatusCode.Internal },
        { FailureCode.Unauthenticated, 401, StatusCode.Unauthenticated },
        { FailureCode.Forbidden, 403, StatusCode.PermissionDenied },
        { FailureCode.ShuttingDown, 503, StatusCode.Unavailable },
        { FailureCode.Internal, 500, StatusCode.Internal },
    };

    [Fact]
    public void Table_covers_every_code() => Assert.Equal(Enum.GetValues<FailureCode>().Length, Table.Count);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Failure_of_the_service_has_its_status_over_rest_and_grpc(FailureCode code, int http, StatusCode grpc)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Service.Answer = (_, _) => ValueTask.FromResult(InferenceResult.Of(new InferenceFailure(code, "Größe 100% unpassend.")));
        var (status, body) = await host.InferAsync(Requests.Small);
        Assert.Equal(http, (int)status);
        Assert.Equal("Größe 100% unpassend.", Protocol.AssertError(body));
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(host.Channel);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Requests.SmallMessage()));
        Assert.Equal((grpc, "Größe 100% unpassend."), (wrong.StatusCode, wrong.Status.Detail));
    }

    [Fact]
    public async Task Failure_that_time_can_heal_says_when_to_try_again()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Service.Answer = (_, _) => ValueTask.FromResult(InferenceResult.Of(new InferenceFailure(FailureCode.NoEligibleZone, "Quota.", TimeSpan.FromMilliseconds(1500))));
        using var response = await host.Rest.PostAsync("/v2/models/echo/infer", new StringContent(Requests.Small));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(host.Channel);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Requests.SmallMessage()));
        Assert.Equal("1500", wrong.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    [Fact]
    public async Task Bug_of_the_service_is_500_without_its_text()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Service.Answer = (_, _) => throw new InvalidOperationException("secret path");
        var (status, body) = await host.InferAsync(Requests.Small);
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("secret", Protocol.AssertError(body));
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(host.Channel);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Requests.SmallMessage()));
        Assert.Equal(StatusCode.Internal, wrong.StatusCode);
        Assert.DoesNotContain("secret", wrong.Status.Detail);
    }

    [Fact]
    public void No_eligible_zone_without_a_time_is_422() =>
        Assert.Equal(422, FailureStatus.Http(new InferenceFailure(FailureCode.NoEligibleZone, "No.")));
}
