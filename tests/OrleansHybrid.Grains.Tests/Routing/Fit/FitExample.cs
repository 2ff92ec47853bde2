using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Yaml;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

/// <summary>The worked features of <c>docs/how-to/fit</c>, computed from their files alone.</summary>
internal sealed record FitExample(string Name, FitAnswers Answers, ModelManifest Manifest, PolicyConfig Policy)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Sizes of files that are not in the checkout, bytes.</summary>
    private static readonly Dictionary<string, long> Sizes = new()
    {
        ["small-int8.onnx"] = 62L << 20, ["large.onnx"] = 440L << 20, ["fp32.onnx"] = 90L << 20, ["trees.onnx"] = 36L << 20,
    };

    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "docs", "how-to", "fit");

    public static FitExample Read(string name)
    {
        var reading = FitReader.Read(File.ReadAllBytes(Path.Combine(Folder, name + ".yaml")), name + ".yaml");
        Assert.Empty(reading.Lines);
        var policy = PolicyReader.Read(File.ReadAllBytes(Path.Combine(Folder, "policy.yaml")), "policy.yaml");
        Assert.Empty(policy.Lines);
        return new FitExample(name, reading.Answers!, ReadManifest(name, reading.Answers!.Model), policy.Config!);
    }

    public FitWorksheet Compute() => FitRules.Compute(Answers, FitFigures.Declared(Manifest), Policy, Now);

    public static FitWorksheet Compute(FitAnswers answers, ModelManifest manifest, PolicyConfig? policy = null) =>
        FitRules.Compute(answers, FitFigures.Declared(manifest), policy ?? new PolicyConfig(), Now);

    /// <summary>The plan of one of the feature's requests under a policy, as a farm with these figures makes it.</summary>
    public static RoutePlan Plan(FitWorksheet sheet, CompiledPolicy policy, Zone arrived)
    {
        var links = Enum.GetValues<Zone>().Where(z => z > arrived).Select(z => new TrialLink(z, LinkHealth.Up, sheet.Answers.Links.GetValueOrDefault(z)?.RoundTripMs ?? 0));
        var manifest = arrived == Zone.Device && sheet.Answers.Device.RunMs is { } ms ? sheet.Manifest with { Variants = [.. sheet.Manifest.Variants.SelectMany(v => OnDevice(v, ms))] } : sheet.Manifest;
        var farm = new TrialFarm(arrived, policy, [manifest], [.. links], new Dictionary<VariantKey, VariantLoad>())
        {
            MemoryBytes = arrived == Zone.Device ? (sheet.Answers.Device.MemoryMib ?? 0) * (1L << 20) : 0,
        };
        return RoutePlanner.Plan(new PlanRequest(manifest.Model, null, RouteParameters.None, Caller.Anonymous, sheet.Answers.InputBytes ?? 0, Limits.DeadlineMax), farm.Snapshot(Now), Now);
    }

    private static IEnumerable<VariantManifest> OnDevice(VariantManifest variant, double ms)
    {
        if (variant.Zones.Contains(Zone.Device)) yield return variant with { Zones = [Zone.Device], LatencyMs = ms };
        yield return variant with { Zones = [.. variant.Zones.Where(z => z != Zone.Device)] };
    }

    private static ModelManifest ReadManifest(string name, string model)
    {
        var own = Path.Combine(Folder, name + ".model.yaml");
        var sample = Path.Combine(Root, "models", model, "1");
        var isSample = !File.Exists(own);
        var errors = new ErrorList();
        var config = ManifestReader.Read(File.ReadAllBytes(isSample ? Path.Combine(sample, "model.yaml") : own), errors);
        Assert.Empty(errors.ToList());
        var sizes = isSample ? new DirectoryInfo(sample).GetFiles().ToDictionary(f => f.Name, f => f.Length) : config!.Variants.ToDictionary(v => v.File!, v => Sizes[v.File!]);
        var labels = config!.Outputs.Where(o => o.Labels is not null).ToDictionary(o => o.Labels!, o => new LabelsFile(File.ReadAllLines(Path.Combine(sample, o.Labels!)), null));
        var folder = new ManifestFolder(config.Model!, config.Version!.Value, sizes, labels);
        return ManifestBuilder.Build(config, folder, sizes.ToDictionary(f => f.Key, _ => "sha256:0"), "sha256:0");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansHybrid.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("OrleansHybrid.sln is not above the tests' folder");
    }
}
