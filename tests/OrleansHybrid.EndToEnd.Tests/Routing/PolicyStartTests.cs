using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Tests.Routing;
using OrleansHybrid.Silo.Policies;
using OrleansHybrid.Silo.Start;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>What a silo serves by after a start and while it runs, whatever its file, its copy and its cell's store say.</summary>
public sealed class PolicyStartTests : IDisposable
{
    private static readonly string Newer = PolicySample.Good.Replace("revision: 7", "revision: 8", StringComparison.Ordinal);
    private readonly PolicySilo silo = new();

    public static TheoryData<string> Broken => new(BrokenPolicyTable.Cases.Select(c => c.Name));

    public void Dispose() => silo.Dispose();

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Broken_file_at_a_start_is_refused_with_all_its_errors_and_the_stored_policy_serves(string name)
    {
        var broken = BrokenPolicyTable.Cases.Single(c => c.Name == name);
        silo.Store(PolicySample.Good);
        File.WriteAllBytes(silo.File, broken.Bytes);

        using var start = await silo.StartAsync();

        Assert.Equal(7, silo.Holder.Current.Revision);
        Assert.Equal("R01", silo.Holder.Current.Rules[0].Id);
        Assert.Equal(broken.Errors, silo.Refusals.Current!.Errors.Select(e => e.Render(BrokenPolicy.File)));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Broken_file_at_a_start_without_any_policy_ends_it_with_all_its_errors(string name)
    {
        var broken = BrokenPolicyTable.Cases.Single(c => c.Name == name);
        File.WriteAllBytes(silo.File, broken.Bytes);

        var failure = await Assert.ThrowsAsync<StartFailure>(() => silo.StartAsync());

        Assert.All(broken.Errors, error => Assert.Contains(error.Replace(BrokenPolicy.File, silo.File, StringComparison.Ordinal), failure.Message, StringComparison.Ordinal));
        Assert.Empty(silo.Stored.Store.Documents);
    }

    [Fact]
    public async Task Missing_file_ends_a_start_without_any_policy_and_not_one_with_a_stored_one()
    {
        Assert.Contains("no such file", (await Assert.ThrowsAsync<StartFailure>(() => silo.StartAsync())).Message, StringComparison.Ordinal);

        silo.Store(PolicySample.Good);
        using var start = await silo.StartAsync();
        Assert.Equal((7, 1), (silo.Holder.Current.Revision, silo.Refusals.Current!.Errors.Count));
    }

    [Fact]
    public async Task Good_file_becomes_the_cells_policy_before_the_ports_open()
    {
        await File.WriteAllTextAsync(silo.File, PolicySample.Good);
        using var start = await silo.StartAsync();
        Assert.Equal((7, 7, "file policy.yaml"), (silo.Holder.Current.Revision, silo.Stored.Store.Current!.Revision, silo.Holder.Document!.By));
        Assert.Equal(PolicySample.Good, silo.Holder.Document.Text);
    }

    [Fact]
    public async Task File_that_the_cell_went_past_changes_nothing_and_is_no_refusal()
    {
        silo.Store(PolicySample.Good);
        silo.Store(Newer);
        await File.WriteAllTextAsync(silo.File, PolicySample.Good);
        using var start = await silo.StartAsync();
        Assert.Equal((8, true), (silo.Holder.Current.Revision, silo.Refusals.Current is null));
    }

    [Theory]
    [InlineData("revision: 7", "revision: 6", "revision")]
    [InlineData("owner: finance", "owner: treasury", "revision")]
    [InlineData("policy: farm-default\nrevision: 7", "policy: other\nrevision: 9", "policy")]
    public async Task File_that_the_store_refuses_leaves_the_stored_policy_in_force(string find, string replace, string place)
    {
        silo.Store(PolicySample.Good);
        await File.WriteAllTextAsync(silo.File, PolicySample.Good.Replace(find, replace, StringComparison.Ordinal));
        using var start = await silo.StartAsync();
        Assert.Equal((7, "finance"), (silo.Holder.Current.Revision, silo.Holder.Current.Quotas[0].Owner));
        Assert.Equal(place, Assert.Single(silo.Refusals.Current!.Errors).Path);
    }

    [Fact]
    public async Task Store_that_lost_the_policy_gets_it_back_from_the_silos_copy()
    {
        await File.WriteAllTextAsync(silo.File, PolicySample.Good);
        (await silo.StartAsync()).Dispose();
        silo.Stored.Store = PolicyStore.Empty;

        using var start = await silo.StartAsync(withFile: false);

        Assert.Equal((7, 7), (silo.Holder.Current.Revision, silo.Stored.Store.Current!.Revision));
    }

    [Fact]
    public async Task Store_with_an_older_policy_than_the_copy_never_takes_the_silo_back()
    {
        await File.WriteAllTextAsync(silo.File, Newer);
        (await silo.StartAsync()).Dispose();
        silo.Stored.Store = PolicyStore.Empty;
        silo.Store(PolicySample.Good);

        using var start = await silo.StartAsync(withFile: false);

        Assert.Equal((8, 8), (silo.Holder.Current.Revision, silo.Stored.Store.Current!.Revision));
    }

    [Fact]
    public async Task Policy_that_another_silo_brought_is_followed()
    {
        silo.Store(PolicySample.Good);
        using var start = await silo.StartAsync(withFile: false);
        silo.Store(Newer);

        await silo.Keeper.FollowAsync(default);

        Assert.Equal(8, silo.Holder.Current.Revision);
    }

    [Fact]
    public async Task Stored_policy_that_this_program_cannot_read_is_refused_and_the_last_good_one_serves()
    {
        silo.Store(PolicySample.Good);
        using var start = await silo.StartAsync(withFile: false);
        silo.Stored.Store = new PolicyStore([silo.Holder.Document! with { Revision = 9, Text = "policy: farm-default\nrevision: 9\nhours: 12\n" }]);

        await silo.Keeper.FollowAsync(default);
        await silo.Keeper.FollowAsync(default);

        Assert.Equal((7, "hours"), (silo.Holder.Current.Revision, Assert.Single(silo.Refusals.Current!.Errors).Path));
    }

    [Fact]
    public async Task File_half_written_is_not_taken_until_two_looks_see_the_same()
    {
        await File.WriteAllTextAsync(silo.File, PolicySample.Good);
        var file = new PolicyFile(silo.File);
        file.Take();

        await File.WriteAllTextAsync(silo.File, Newer[..200]);
        Assert.Null(file.Changed());
        await File.WriteAllTextAsync(silo.File, Newer);
        Assert.Null(file.Changed());
        Assert.NotNull(file.Changed());
        Assert.Null(file.Changed());
    }

    [Fact]
    public async Task Copy_that_was_tampered_with_is_not_used()
    {
        await File.WriteAllTextAsync(silo.File, PolicySample.Good);
        (await silo.StartAsync()).Dispose();
        var copy = Path.Combine(Path.GetDirectoryName(silo.File)!, "data", "policy.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        await File.WriteAllTextAsync(copy, (await File.ReadAllTextAsync(copy)).Replace("private rooms", "public rooms", StringComparison.Ordinal));
        silo.Stored.Store = PolicyStore.Empty;

        using var start = await silo.StartAsync(withFile: false);

        Assert.Equal(0, silo.Holder.Current.Revision);
    }
}
