using System.Security.Cryptography;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Ledger;

public sealed class ApiKeyGrainTests
{
    private static readonly NewApiKey Wanted = new("free", [KeyRoles.Infer], "app", null, "operator.key");

    [Fact]
    public async Task Key_that_was_made_is_known_to_every_silo_and_survives_the_grain()
    {
        await using var cell = await TestCell.StartAsync(silos: 2, storage: new ForgetfulStorage());
        var key = await MakeAsync(cell, Wanted);

        for (var silo = 0; silo < 2; silo++)
        {
            await cell.Service<ApiKeyRing>(silo).RefreshAsync(default);
            var verdict = cell.Service<ApiKeyRing>(silo).Judge(key);
            Assert.Equal((ApiKeyStanding.Good, "free"), (verdict.Standing, verdict.Key?.Tenant));
        }

        await cell.DeactivateAsync(Keeper(cell));
        Assert.Equal(["app"], (await Keeper(cell).ListAsync(default)).Select(k => k.Label));
    }

    [Fact]
    public async Task Key_is_judged_by_its_whole_secret()
    {
        await using var cell = await TestCell.StartAsync();
        var key = await MakeAsync(cell, Wanted);
        var ring = cell.Service<ApiKeyRing>();
        await ring.RefreshAsync(default);

        Assert.Equal(ApiKeyVerdict.Unknown, ring.Judge(key[..^1] + (key[^1] == '0' ? '1' : '0')));
        Assert.Equal(ApiKeyVerdict.Unknown, ring.Judge(ApiKeyText.Write(new byte[ApiKeyText.IdBytes], new byte[ApiKeyText.SecretBytes])));
        Assert.Equal(ApiKeyVerdict.Unknown, ring.Judge("something"));
    }

    [Fact]
    public async Task Key_that_was_revoked_ends_with_the_next_refresh_and_one_that_expired_by_the_clock_alone()
    {
        await using var cell = await TestCell.StartAsync();
        var ring = cell.Service<ApiKeyRing>();
        var revoked = await MakeAsync(cell, Wanted);
        var expiring = await MakeAsync(cell, Wanted with { ExpiresAt = cell.Clock.GetUtcNow().AddMinutes(1) });
        await ring.RefreshAsync(default);

        ApiKeyText.TryReadId(revoked, out var id);
        Assert.NotNull((await Keeper(cell).RevokeAsync(id.ToString(), default)).Key);
        await Until.TrueAsync(
            () =>
            {
                cell.Clock.Advance(Limits.ApiKeyRefreshInterval);
                return ring.Judge(revoked).Standing == ApiKeyStanding.Revoked;
            },
            "the ring hears of it by itself");
        cell.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(ApiKeyStanding.Expired, ring.Judge(expiring).Standing);
    }

    [Fact]
    public async Task Key_that_is_used_shows_when_to_the_minute()
    {
        await using var cell = await TestCell.StartAsync();
        var ring = cell.Service<ApiKeyRing>();
        var key = await MakeAsync(cell, Wanted);
        await ring.RefreshAsync(default);
        Assert.Null((await Keeper(cell).ListAsync(default))[0].LastUsedAt);

        var used = cell.Clock.GetUtcNow();
        ring.Judge(key);
        await ring.RefreshAsync(default);
        Assert.Equal(used, (await Keeper(cell).ListAsync(default))[0].LastUsedAt);

        cell.Clock.Advance(TimeSpan.FromSeconds(1));
        ring.Judge(key);
        await ring.RefreshAsync(default);
        Assert.Equal(used, (await Keeper(cell).ListAsync(default))[0].LastUsedAt);
    }

    /// <summary>The store never answers: no key can be read, and requests without one are answered all the same.</summary>
    [Fact]
    public async Task Ring_that_could_not_be_read_lets_no_key_in()
    {
        var storage = new StorageThatHangs();
        await using var cell = await TestCell.StartAsync(storage: storage);

        var verdict = cell.Service<ApiKeyRing>().Judge(ApiKeyText.Write(new byte[ApiKeyText.IdBytes], new byte[ApiKeyText.SecretBytes]));
        storage.Fail();

        Assert.Equal(ApiKeyStanding.NotReadYet, verdict.Standing);
    }

    [Fact]
    public async Task Store_that_forgot_the_keys_is_told_them_again()
    {
        var storage = new ForgetfulStorage();
        await using var cell = await TestCell.StartAsync(storage: storage);
        var key = await MakeAsync(cell, Wanted);
        await cell.Service<ApiKeyRing>().RefreshAsync(default);
        var written = storage.WritesOf("keys");

        storage.Forget();
        await Until.TrueAsync(
            () =>
            {
                cell.Clock.Advance(Limits.ApiKeyRereadInterval);
                return storage.WritesOf("keys") > written;
            },
            "the keeper writes what it has");

        await cell.Service<ApiKeyRing>().RefreshAsync(default);
        Assert.Equal(ApiKeyStanding.Good, cell.Service<ApiKeyRing>().Judge(key).Standing);
        await cell.DeactivateAsync(Keeper(cell));
        Assert.Single(await Keeper(cell).ListAsync(default));
    }

    private static IApiKeyGrain Keeper(TestCell cell) => cell.Client.GetApiKeys(Sample.Cell);

    private static async Task<string> MakeAsync(TestCell cell, NewApiKey wanted)
    {
        var id = RandomNumberGenerator.GetBytes(ApiKeyText.IdBytes);
        var key = ApiKeyText.Write(id, RandomNumberGenerator.GetBytes(ApiKeyText.SecretBytes));
        Assert.Null((await Keeper(cell).CreateAsync(wanted, Convert.ToHexStringLower(id), ApiKeyText.HashOf(key), default)).Failure);
        return key;
    }
}
