using System.Net;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Silo.Policies;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>POST /v1/policies:test</c>: runs policy tests against the versions of this silo's repository. Changes nothing.</summary>
internal static class PolicyTestRoutes
{
    public static void MapPolicyTests(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/policies:test", TestAsync).WithName("TestPolicy")
            .WithSummary("Runs policy tests against this cell's manifests. Takes {\"tests\": <YAML>, \"policy\"?: <YAML>}; without a policy the one in force is tested.")
            .Accepts<PolicyTestBody>("application/json").Produces<PolicyTestView>().Produces<PolicyErrorsView>(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> TestAsync(HttpContext http, PolicyKeeper keeper, IModelRepository repository, CancellationToken cancellationToken)
    {
        var (body, refusal) = await AdminBody.ReadAsync<PolicyTestBody>(http, cancellationToken);
        if (body is null) return refusal!;
        if ((body.Policy ?? keeper.Document?.Text) is not { } text) return AdminProblem.Of(HttpStatusCode.NotFound, "There is no policy in force to test. Send one as 'policy'.");
        var policy = PolicyReader.Read(Encoding.UTF8.GetBytes(text), "policy");
        var tests = PolicyTestReader.Read(Encoding.UTF8.GetBytes(body.Tests ?? ""), "tests");
        if (policy.Policy is null || tests.Tests is null)
        {
            var lines = string.Join(' ', policy.Lines.Concat(tests.Lines));
            return PolicyRoutes.Refuse(HttpStatusCode.UnprocessableEntity, $"Nothing was tested: {lines}", policy.Errors.Concat(tests.Errors).Select(PolicyErrorView.Of));
        }

        var manifests = repository.State.Models.Values.SelectMany(m => m.Versions).Where(v => v.State == VersionState.Ready).Select(v => v.Manifest).OfType<ModelManifest>();
        var report = new PolicyTestReport(PolicyTestRunner.Run(policy.Policy, tests.Tests, [.. manifests]), []);
        return Results.Ok(new PolicyTestView(report.Passed, report.Results.Select(r => new PolicyTestResultView(r.Name, r.Passed, r.Failures))));
    }
}

/// <summary>What is tested: the files' own texts.</summary>
internal sealed record PolicyTestBody(string? Tests, string? Policy = null);

internal sealed record PolicyTestView(bool Passed, IEnumerable<PolicyTestResultView> Results);

internal sealed record PolicyTestResultView(string Name, bool Passed, IEnumerable<PolicyTestFailure> Failures);
