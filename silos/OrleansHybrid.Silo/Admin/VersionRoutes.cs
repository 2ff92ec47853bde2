using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/versions</c>: what the versions did in this cell, all its silos together.</summary>
internal static class VersionRoutes
{
    public static void MapVersions(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/versions", ListAsync).WithName("ListVersions").WithSummary("Requests, outcomes and latency of the versions in this cell. ?model= narrows to one model.");
        admin.MapGet("/versions/{model}/{version:int}", async (string model, int version, IModelRepository repository, IGrainFactory grains, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken) =>
            repository.State.Models.GetValueOrDefault(model)?.Find(version) is null
                ? AdminProblem.Of(System.Net.HttpStatusCode.NotFound, $"There is no version {version} of model '{model}' here. GET /v1/models lists what there is.")
                : Results.Ok(VersionView.Of(await grains.GetModelVersion(new ModelVersionKey(model, version)).GetAsync(cancellationToken), clock)))
            .WithName("GetVersion").WithSummary("Requests, outcomes and latency of one version in this cell.").Produces<VersionView>();
    }

    private static async Task<IEnumerable<VersionView>> ListAsync(string? model, IModelRepository repository, IGrainFactory grains, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken)
    {
        var keys = repository.State.Models.Values
            .Where(m => model is null || m.Name == model)
            .SelectMany(m => m.Versions.Select(v => new ModelVersionKey(m.Name, v.Version)))
            .OrderBy(k => k.Model, StringComparer.Ordinal).ThenBy(k => k.Version)
            .Take(Limits.PageRowsMax);
        var reports = await Task.WhenAll(keys.Select(k => grains.GetModelVersion(k).GetAsync(cancellationToken)));
        return reports.Select(r => VersionView.Of(r, clock));
    }
}

/// <param name="AgeMs">Since a silo last reported, milliseconds; null when none did.</param>
internal sealed record VersionView(
    string Model, int Version, DateTimeOffset Since, long Requests, double? MsP50, double? MsP95, double? MsP99, double? AgeMs, IEnumerable<VersionOutcomeView> Outcomes)
{
    public static VersionView Of(VersionReport report, TimeProvider clock) => new(
        report.Key.Model,
        report.Key.Version,
        report.Counters.Since,
        report.Counters.Requests,
        report.MsP50,
        report.MsP95,
        report.MsP99,
        report.LastBatch is { } last ? (clock.GetUtcNow() - last).TotalMilliseconds : null,
        report.Counters.Rows.Select(r => new VersionOutcomeView(r.Zone.WireName(), r.Failure is { } code ? Telemetry.FailureNames.Of(code) : "ok", r.Requests, r.Escalated, r.Degraded)));
}

internal sealed record VersionOutcomeView(string Zone, string Outcome, long Requests, long Escalated, long Degraded);
