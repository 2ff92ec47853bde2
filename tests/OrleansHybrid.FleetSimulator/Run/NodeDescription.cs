using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Inference.Engine;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>What a simulated node says it is. Battery and temperature are curves of its plan; that it is simulated, and how its files come, stands in <c>Software</c> and in its labels.</summary>
internal sealed class NodeDescription(NodePlan plan, FleetScenario scenario, FleetTime time)
{
    public static string Fetches => "OrleansHybrid.FleetSimulator, files fetched and verified";

    public static string Paces => "OrleansHybrid.FleetSimulator, sizes of files paced, no bytes fetched";

    private readonly IReadOnlyDictionary<string, string> labels = new Dictionary<string, string> { ["simulated"] = "true", ["hardware"] = plan.Kind.Name, ["region"] = plan.Region };

    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(1);
    private NodeAttributes? last;
    private IReadOnlyList<NodeVariant> variants = [];
    private TimeSpan lookedAt;

    /// <summary>The same object for a second: readings come in steps anyway.</summary>
    public NodeAttributes Attributes
    {
        get
        {
            if (last is not null && time.Elapsed - lookedAt < LookEach) return last;
            lookedAt = time.Elapsed;
            return last = Look();
        }
    }

    private NodeAttributes Look()
    {
        var elapsed = scenario.ReadingsMove ? time.Elapsed : TimeSpan.Zero;
        var degrees = plan.Kind.Thermal.DegreesAt(elapsed, plan.Phase);
        return NodeAttributes.Unknown with
        {
            Labels = labels,
            ModelMemoryBytes = plan.Kind.ModelMemoryBytes,
            Accelerator = plan.Kind.Accelerator,
            ExecutionProviders = plan.Kind.ExecutionProviders,
            RuntimeVersion = EngineRuntime.Version,
            Software = plan.FetchesBlobs ? Fetches : Paces,
            Platform = plan.Kind.Platform,
            BatteryPercent = plan.Kind.Battery is { } battery ? Step(battery.PercentAt(elapsed, plan.Phase)) : null,
            TemperatureC = Step(degrees),
            Throttled = degrees >= plan.Kind.Thermal.ThrottleC,
            MeteredLink = plan.Link.Metered,
        };
    }

    public NodeReport Report(NodeKey key, NodeAttributes attributes, NodeDisk disk, IReadOnlyList<NodeVersion> versions, IEnumerable<string> problems, AnswerRecording recording, NodeAnswers answers) =>
        new(key, NodeKind.Device, Zone.Device, 0, 0, "", Variants(disk, recording), plan.Kind.MemoryBytes, plan.Kind.Cores)
        {
            Attributes = attributes,
            Versions = versions,
            DocumentsRevision = disk.Documents.Revision,
            Problems = [.. problems.Take(Limits.NodeProblemsMax)],
            // Nothing measures joules here, and a made-up charge for answers would look measured.
            Energy = answers.Count > 0 ? new NodeEnergy(answers.Count, null, null, attributes.TemperatureC) : null,
        };

    private IReadOnlyList<NodeVariant> Variants(NodeDisk disk, AnswerRecording recording)
    {
        if (disk.Served.IsEmpty) return variants = [];
        NodeVariant[] now =
        [
            .. disk.Served.OrderBy(s => s.Key.Model, StringComparer.Ordinal).ThenBy(s => s.Key.Version)
                .Select(s => new NodeVariant(new VariantKey(s.Key.Model, s.Key.Version, s.Value.Variant), s.Value.FileDigest, 0, recording.Find(s.Value.FileDigest)?.RunMsP95 ?? 0, 0)),
        ];
        return now.SequenceEqual(variants) ? variants : variants = now;
    }

    private static int Step(double reading) => (int)Math.Round(reading / Limits.NodeReadingStep) * Limits.NodeReadingStep;
}
