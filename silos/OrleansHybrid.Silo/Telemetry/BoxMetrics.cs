using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>One histogram and its counters beside each box a request passes: router, classifier, engine queue, engine run, upstream. The gateway has its own.</summary>
/// <remarks>
/// Labels: zone, cell, model, version, variant, outcome. A model that the repository does not know is labelled <c>unknown</c>, so that callers cannot make series.
/// Instruments come from the cell's own meter factory: cells that share a process share no series.
/// The exporter adds the unit and, to counters, <c>_total</c>.
/// </remarks>
internal sealed class BoxMetrics : IRequestObserver
{
    public const string MeterName = "OrleansHybrid";
    private const string Ok = "ok";

    /// <summary>From a cached answer of a tiny model to a hard deadline, in seconds.</summary>
    private static readonly double[] SecondsBounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly CellSettings cell;
    private readonly IModelRepository repository;
    private readonly Histogram<double> router, classifier, queue, run, upstream;
    private readonly Counter<long> requests, attempts, escalated, degraded, unsure, upstreamBytes;

    public BoxMetrics(IMeterFactory meters, CellSettings cell, IModelRepository repository)
    {
        this.cell = cell;
        this.repository = repository;
        var meter = meters.Create(MeterName);
        router = Seconds(meter, "hybrid_router_duration", "Time spent on planning and choosing.");
        classifier = Seconds(meter, "hybrid_classifier_duration", "Time a request waited for its version's classifier, by verdict.");
        queue = Seconds(meter, "hybrid_engine_queue_duration", "Time a request waited for the engine.");
        run = Seconds(meter, "hybrid_engine_run_duration", "Time the session ran for a request's batch.");
        upstream = Seconds(meter, "hybrid_upstream_duration", "Round trip to a peer or to the cell above.");
        requests = meter.CreateCounter<long>("hybrid_requests", null, "Requests that ended, by outcome.");
        attempts = meter.CreateCounter<long>("hybrid_attempts", null, "Attempts at a target, by outcome.");
        escalated = meter.CreateCounter<long>("hybrid_escalated", null, "Answers that a higher zone gave after a lower one was unsure.");
        degraded = meter.CreateCounter<long>("hybrid_degraded", null, "Answers from a fallback of the zone that was wanted.");
        unsure = meter.CreateCounter<long>("hybrid_unsure", null, "Attempts that answered under the confidence floor.");
        upstreamBytes = meter.CreateCounter<long>("hybrid_upstream_input", "By", "Raw input handed to peers and upstreams, bytes.");
    }

    public void AttemptEnded(in AttemptReport attempt)
    {
        var outcome = attempt.Failure is { } code ? FailureNames.Of(code) : attempt.Unsure ? "unsure" : Ok;
        var tags = Tags(attempt.Zone, attempt.Variant.Model, attempt.Variant.Version, attempt.Variant.Variant, outcome);
        if (attempt.Target == AttemptTarget.Here)
        {
            queue.Record(attempt.Engine.Queue.TotalSeconds, tags);
            run.Record(attempt.Engine.Compute.TotalSeconds, tags);
        }
        else
        {
            upstream.Record(attempt.RoundTrip.TotalSeconds, tags);
            upstreamBytes.Add(attempt.InputBytes, tags);
        }

        if (attempt.Unsure) unsure.Add(1, tags);
        tags.Add("target", TargetName(attempt.Target));
        attempts.Add(1, tags);
    }

    public void ClassifierEnded(in ClassifierReport report)
    {
        var outcome = report.Failure is { } code ? FailureNames.Of(code) : report.Signals.IsHard ? "hard" : "easy";
        classifier.Record(report.Took.TotalSeconds, Tags(cell.Zone, report.Classifier.Model, report.Classifier.Version, report.Classifier.Variant, outcome));
    }

    public void RequestEnded(in RequestReport report)
    {
        var result = report.Result;
        var tags = Tags(report.Request.Model, result);
        router.Record(report.RouteTime.TotalSeconds, tags);
        requests.Add(1, tags);
        if (result.Response is { Escalated: true }) escalated.Add(1, tags);
        if (result.Response is { Degraded: true }) degraded.Add(1, tags);
    }

    private TagList Tags(string model, InferenceResult result) => result switch
    {
        { Response.Provenance: { } from } => Tags(from.Zone, from.Model, from.Version, from.Variant, Ok),
        { Failure: { } failure } => Tags(cell.Zone, model, 0, "", FailureNames.Of(failure.Code)),
        _ => Tags(cell.Zone, model, 0, "", FailureNames.Of(FailureCode.Internal)),
    };

    private TagList Tags(Zone zone, string model, int version, string variant, string outcome)
    {
        var known = repository.State.Models.ContainsKey(model);
        return new TagList
        {
            { "zone", zone.WireName() },
            { "cell", cell.Cell },
            { "model", known ? model : "unknown" },
            { "version", known ? VersionTexts.Of(version) : "" },
            { "variant", known ? variant : "" },
            { "outcome", outcome },
        };
    }

    private static string TargetName(AttemptTarget target) => target switch
    {
        AttemptTarget.Here => "here",
        AttemptTarget.Peer => "peer",
        _ => "upstream",
    };

    private static Histogram<double> Seconds(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBounds });
}
