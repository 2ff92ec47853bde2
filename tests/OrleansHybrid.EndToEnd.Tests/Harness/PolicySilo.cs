using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Audit;
using OrleansHybrid.Silo.Policies;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>The part of a silo that keeps its policy, over a store in memory and a clock that only the test moves.</summary>
internal sealed class PolicySilo : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DataFolder data;

    public PolicySilo() => data = DataFolder.Take(folder.Sub("data"));

    public StoredPolicies Stored { get; } = new();

    public RecordingAudit Audit { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public PolicyHolder Holder { get; private set; } = new();

    public PolicyRefusals Refusals { get; private set; } = null!;

    public PolicyKeeper Keeper { get; private set; } = null!;

    public string File => folder.Sub("policy.yaml");

    /// <summary>What a start does from the copy on disk to open ports.</summary>
    public async Task<PolicyStart> StartAsync(bool withFile = true)
    {
        var errors = new SettingErrors();
        string[] arguments = ["--cell", "central", "--data", folder.Sub("data"), .. withFile ? new[] { "--policy", File } : []];
        var cell = SettingsReader.Read(CommandLineSettings.Parse(arguments, errors), new Dictionary<string, string>(), folder.Path, errors)!.Cells[0];
        Holder = new PolicyHolder();
        Refusals = new PolicyRefusals(services.GetRequiredService<IMeterFactory>(), Holder, NullLogger<PolicyRefusals>.Instance);
        var copy = new PolicyCopy(data, NullLogger<PolicyCopy>.Instance);
        Keeper = new PolicyKeeper(cell, Holder, copy, Refusals, Stored.Grains, Audit, new AuditDesk(Audit, NullLogger<AuditDesk>.Instance), Clock, NullLogger<PolicyKeeper>.Instance);
        var start = new PolicyStart(cell, Keeper, Clock, NullLogger<PolicyStart>.Instance);
        await start.StartingAsync(default);
        await start.StartAsync(default);
        return start;
    }

    /// <summary>The cell accepted this text before.</summary>
    public void Store(string yaml) => Stored.OfferAsync(new PolicyOffer(PolicyCandidate.Read(Encoding.UTF8.GetBytes(yaml), "p", Clock.GetUtcNow(), "tests").Document!), default);

    public void Dispose()
    {
        data.Dispose();
        services.Dispose();
        folder.Dispose();
    }
}
