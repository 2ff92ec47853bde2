using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>One central cell for the tests of pushing; each publishes under models' names of its own.</summary>
public sealed class PushCell : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private RunningCell? running;

    internal PushCalls Calls => new(http, running!.Cell, running.OperatorKey);

    internal RunningCell Cell => running!;

    internal string Publishers => Path.Combine(folder.Path, "state", "publishers");

    public async Task InitializeAsync() => running = await RunningCell.StartAsync("central", folder);

    /// <summary>A version whose publisher is trusted and has endorsed the cell; not signed yet.</summary>
    internal async Task<PushedVersion> TrustedAsync(PushedVersion version)
    {
        version.TrustIn(Publishers);
        await Calls.EndorseAsync(version);
        return version;
    }

    public async Task DisposeAsync()
    {
        await running!.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }
}
