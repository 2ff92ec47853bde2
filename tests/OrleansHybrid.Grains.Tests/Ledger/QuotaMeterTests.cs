using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Ledger;

public sealed class QuotaMeterTests
{
    private readonly TensorPool pool = new();

    [Fact]
    public async Task Minute_that_is_used_up_refuses_until_the_next_one()
    {
        await using var cell = await TestCell.StartAsync();
        await ApplyAsync(cell, new QuotaConfig("free", RequestsPerMinute: 5, Owner: "finance"));
        cell.Clock.Advance(TimeSpan.FromSeconds(20));

        var answers = await ManyAsync(cell, "free", 7);
        var other = await ManyAsync(cell, "acme", 7);

        Assert.Equal(5, answers.Count(a => a.Failure is null));
        Assert.All(answers.Skip(5), a => Assert.Equal((FailureCode.Overloaded, TimeSpan.FromSeconds(40)), (a.Failure!.Code, a.Failure.RetryAfter!.Value)));
        Assert.All(other, a => Assert.Null(a.Failure));

        cell.Clock.Advance(TimeSpan.FromSeconds(41));
        await cell.Service<QuotaRenewal>().RenewAsync(default);
        Assert.Null((await ManyAsync(cell, "free", 1))[0].Failure);
    }

    [Fact]
    public async Task Silos_share_one_quota_and_grant_no_more_than_it()
    {
        await using var cell = await TestCell.StartAsync(silos: 2);
        var quota = new QuotaConfig("free", RequestsPerMinute: 128, Owner: "finance");
        for (var silo = 0; silo < 2; silo++) await ApplyAsync(cell, quota, silo);
        for (var silo = 0; silo < 2; silo++) await cell.Service<QuotaRenewal>(silo).RenewAsync(default);

        var answered = 0;
        for (var round = 0; round < 20; round++)
        {
            for (var silo = 0; silo < 2; silo++)
            {
                answered += (await ManyAsync(cell, "free", 10, silo)).Count(a => a.Failure is null);
                await cell.Service<QuotaRenewal>(silo).RenewAsync(default);
            }
        }

        Assert.InRange(answered, 126, 128);
    }

    [Fact]
    public async Task Days_money_is_charged_by_what_runs_cost_and_refuses_when_spent()
    {
        await using var cell = await TestCell.StartAsync();
        await ApplyAsync(cell, new QuotaConfig("free", MoneyPerDayMicrousd: 10, Owner: "finance"));
        var answers = new List<InferenceResult>();
        for (var i = 0; i < 12; i++)
        {
            answers.AddRange(await ManyAsync(cell, "free", 1));
            await cell.Service<QuotaRenewal>().RenewAsync(default);
        }

        Assert.Equal(10, answers.Count(a => a.Failure is null));
        Assert.Equal((FailureCode.Overloaded, TimeSpan.FromDays(1)), (answers[^1].Failure!.Code, answers[^1].Failure!.RetryAfter!.Value));
        Assert.Contains("money of this day", answers[^1].Failure!.Message);
    }

    [Fact]
    public async Task Store_that_is_gone_leaves_the_part_that_was_leased_and_then_a_share_as_time_passes()
    {
        var storage = new FailingStorage();
        await using var cell = await TestCell.StartAsync(storage: storage);
        await ApplyAsync(cell, new QuotaConfig("free", RequestsPerMinute: 60, Owner: "finance"));
        storage.Failing = true;

        Assert.Equal(60, (await ManyAsync(cell, "free", 70)).Count(a => a.Failure is null));
        cell.Clock.Advance(TimeSpan.FromSeconds(55));
        await Assert.ThrowsAsync<AggregateException>(() => cell.Service<QuotaRenewal>().RenewAsync(default));
        cell.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(60, (await ManyAsync(cell, "free", 70)).Count(a => a.Failure is null));
    }

    [Fact]
    public async Task Explaining_counts_nothing()
    {
        await using var cell = await TestCell.StartAsync();
        await ApplyAsync(cell, new QuotaConfig("free", RequestsPerMinute: 1, Owner: "finance"));
        var meter = cell.Service<IQuotaMeter>();

        Assert.Equal([false, false, false, true], new[] { meter.Peek("free"), meter.Peek("free"), meter.Take("free"), meter.Peek("free") }.Select(q => q.OverRate));
    }

    private static async Task ApplyAsync(TestCell cell, QuotaConfig quota, int silo = 0)
    {
        var compiled = PolicyCompiler.Compile(new PolicyConfig
        {
            Policy = "test", Revision = 1, Quotas = [quota],
            Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(ComputeMs: 1) },
        });
        Assert.Empty(compiled.Errors);
        cell.Service<PolicyHolder>(silo).Replace(compiled.Policy!);
        await cell.Service<QuotaRenewal>(silo).RenewAsync(default);
    }

    private async Task<List<InferenceResult>> ManyAsync(TestCell cell, string tenant, int times, int silo = 0)
    {
        var results = new List<InferenceResult>();
        for (var i = 0; i < times; i++)
        {
            results.Add(await cell.Service<IInferenceService>(silo).InferAsync(Sample.Request(pool, 1, 2, 3, 4) with { Caller = new Caller(tenant, [], true, null) }, default));
        }

        return results;
    }
}
