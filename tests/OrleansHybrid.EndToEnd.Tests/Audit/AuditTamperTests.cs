using System.Text;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Store;
using StackExchange.Redis;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Audit;

/// <summary>Somebody writes to the cell's store behind its back, and the cell starts again.</summary>
public sealed class AuditTamperTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly TestCell settings = TestCell.Create("central");
    private RunningCell cell = null!;
    private AuditCalls calls = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        foreach (var tenant in new[] { "t1", "t2", "t3" }) await calls.MakeKeyAsync(tenant);
        Assert.True((await calls.ReadAsync()).Verified);
    }

    public async Task DisposeAsync()
    {
        calls.Dispose();
        await cell.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Altered_entry_is_told_with_its_number_and_the_log_goes_on()
    {
        await WithStoreAsync(store => ReplaceAsync(store, "tenant t2", "tenant t9"));
        await RestartAsync();

        var page = await calls.ReadAsync();
        Assert.Equal((false, 2), (page.Verified, page.BrokenFrom));
        Assert.Equal(["t1", "t9", "t3"], page.All("to").Take(3).Select(t => t.Split(' ', ',')[1]));
        Assert.Equal("audit.broken", page.All("what")[^1]);
        Assert.Contains("hybrid_audit_broken{cell=\"central\"} 1", await calls.MetricsAsync(), StringComparison.Ordinal);

        await calls.MakeKeyAsync("t4");
        await RestartAsync();
        var later = await calls.ReadAsync();
        Assert.Equal((false, 2, 5), (later.Verified, later.BrokenFrom, later.Last));
        Assert.Single(later.All("what"), "audit.broken");
    }

    [Fact]
    public async Task Store_that_was_emptied_is_noticed_by_what_the_silo_remembers()
    {
        await WithStoreAsync(async store =>
        {
            foreach (var key in Keys(store)) await store.GetDatabase().KeyDeleteAsync(key);
        });
        await RestartAsync();

        var page = await calls.ReadAsync();
        Assert.Equal((false, 1), (page.Verified, page.BrokenFrom));
        Assert.Equal(["audit.broken"], page.All("what"));
        await calls.MakeKeyAsync("t4");
        Assert.Equal(2, (await calls.ReadAsync()).Last);
    }

    [Fact]
    public async Task Store_that_was_rolled_back_is_noticed_from_the_first_lost_entry_on()
    {
        var kept = new Dictionary<RedisKey, HashEntry[]>();
        await WithStoreAsync(async store =>
        {
            foreach (var key in Keys(store)) kept[key] = await store.GetDatabase().HashGetAllAsync(key);
        });
        await calls.MakeKeyAsync("t4");
        await WithStoreAsync(async store =>
        {
            foreach (var (key, value) in kept) await store.GetDatabase().HashSetAsync(key, value);
        });
        await RestartAsync();

        var page = await calls.ReadAsync();
        Assert.Equal((false, 4), (page.Verified, page.BrokenFrom));
        Assert.Equal("audit.broken", page.All("what")[^1]);
    }

    private static RedisKey[] Keys(ConnectionMultiplexer store) => [.. store.GetServers()[0].Keys(pattern: "*audit*")];

    private static async Task ReplaceAsync(ConnectionMultiplexer store, string old, string other)
    {
        var replaced = 0;
        foreach (var key in Keys(store))
        {
            foreach (var field in await store.GetDatabase().HashGetAllAsync(key))
            {
                // One byte to one character and back: whatever is not text stays as it is.
                var text = Encoding.Latin1.GetString((byte[])field.Value!);
                if (!text.Contains(old, StringComparison.Ordinal)) continue;
                await store.GetDatabase().HashSetAsync(key, field.Name, Encoding.Latin1.GetBytes(text.Replace(old, other, StringComparison.Ordinal)));
                replaced++;
            }
        }

        Assert.Equal(1, replaced);
    }

    private async Task WithStoreAsync(Func<ConnectionMultiplexer, Task> work)
    {
        var options = new ConfigurationOptions { AllowAdmin = true };
        options.EndPoints.Add(new System.Net.Sockets.UnixDomainSocketEndPoint(RuntimeFolder.SocketFor(settings.DataFolder(folder.Path))));
        await using var store = await ConnectionMultiplexer.ConnectAsync(options);
        Assert.NotEmpty(Keys(store));
        await work(store);
    }

    private async Task StartAsync()
    {
        cell = await RunningCell.StartAsync(settings, folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);
        calls = AuditCalls.Of(settings, folder.Path);
    }

    private async Task RestartAsync()
    {
        calls.Dispose();
        await cell.DisposeAsync();
        await StartAsync();
    }
}
