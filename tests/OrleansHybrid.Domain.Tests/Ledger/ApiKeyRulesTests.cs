using OrleansHybrid.Domain.Ledger;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Ledger;

public class ApiKeyRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly NewApiKey Good = new("free", [KeyRoles.Infer], "mobile app", null, "operator.key");

    [Fact]
    public void Key_is_stored_with_what_was_asked_and_its_hash_alone()
    {
        var (document, change) = ApiKeyRules.Add(ApiKeyDocument.Empty, Good with { Roles = ["operator", "infer", "infer"], ExpiresAt = Now.AddDays(1) }, "id1", "hash1", Now);

        Assert.Equal(change.Key, Assert.Single(document.Keys));
        Assert.Equal(("id1", "hash1", "free", "mobile app", "operator.key"), (change.Key!.Id, change.Key.Hash, change.Key.Tenant, change.Key.Label, change.Key.CreatedBy));
        Assert.Equal(["infer", "operator"], change.Key.Roles);
        Assert.Equal((Now, Now.AddDays(1), null, null), (change.Key.CreatedAt, change.Key.ExpiresAt, change.Key.RevokedAt, change.Key.LastUsedAt));
    }

    [Fact]
    public void Key_with_many_errors_is_refused_with_all_of_them()
    {
        var (document, change) = ApiKeyRules.Add(ApiKeyDocument.Empty, new NewApiKey("no spaces here", ["viewr", "root"], "two\nlines", Now, "x"), "id", "hash", Now);

        Assert.Same(ApiKeyDocument.Empty, document);
        Assert.Equal(FailureCode.BadInput, change.Failure!.Code);
        foreach (var part in new[] { "tenant:", "'viewr'", "Did you mean 'viewer'?", "'root'", "viewer, infer, operator", "label:", "expires_at:" }) Assert.Contains(part, change.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Revoking_is_for_good_and_says_when_it_was_first_done()
    {
        var (document, made) = ApiKeyRules.Add(ApiKeyDocument.Empty, Good, "id1", "hash", Now);
        var (revoked, first) = ApiKeyRules.Revoke(document, made.Key!.Id, Now.AddHours(1));
        var (same, second) = ApiKeyRules.Revoke(revoked, made.Key.Id, Now.AddHours(2));

        Assert.Equal(Now.AddHours(1), first.Key!.RevokedAt);
        Assert.True(revoked.Revision > document.Revision);
        Assert.Same(revoked, same);
        Assert.Equal(first.Key, second.Key);
        Assert.Contains("GET /v1/keys", ApiKeyRules.Revoke(document, "other", Now).Change.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>A store that forgot everything starts again from nothing; silos still have to see the next change as a later one.</summary>
    [Fact]
    public void Revision_after_the_document_was_forgotten_is_still_above_the_old_one()
    {
        var (before, _) = ApiKeyRules.Add(ApiKeyDocument.Empty, Good, "id1", "hash", Now);
        var (sameMoment, _) = ApiKeyRules.Add(before, Good, "id2", "hash", Now);
        var (after, _) = ApiKeyRules.Add(ApiKeyDocument.Empty, Good, "id3", "hash", Now.AddSeconds(1));

        Assert.True(sameMoment.Revision > before.Revision);
        Assert.True(after.Revision > sameMoment.Revision);
    }

    [Fact]
    public void Keys_that_ended_long_ago_make_room_and_living_ones_do_not()
    {
        var ended = Enumerable.Range(0, Limits.ApiKeysMax - 1).Select(i => Key($"e{i}") with { RevokedAt = Now }).ToArray();
        var full = new ApiKeyDocument(1, [.. ended, Key("old") with { ExpiresAt = Now }]);

        Assert.Contains("most it keeps", ApiKeyRules.Add(full, Good, "new", "hash", Now).Change.Failure!.Message, StringComparison.Ordinal);
        var (document, change) = ApiKeyRules.Add(full, Good, "new", "hash", Now + Limits.ApiKeyForgottenAfter + TimeSpan.FromSeconds(1));
        Assert.Equal(["new"], document.Keys.Select(k => k.Id));
        Assert.NotNull(change.Key);

        var alive = new ApiKeyDocument(1, [.. Enumerable.Range(0, Limits.ApiKeysMax).Select(i => Key($"a{i}"))]);
        Assert.Null(ApiKeyRules.Add(alive, Good, "new", "hash", Now + (2 * Limits.ApiKeyForgottenAfter)).Change.Key);
    }

    [Fact]
    public void Uses_are_noted_forwards_only_and_leave_the_revision()
    {
        var document = new ApiKeyDocument(7, [Key("a"), Key("b") with { LastUsedAt = Now }]);

        var noted = ApiKeyRules.Note(document, [new ApiKeyUse("a", Now), new ApiKeyUse("b", Now.AddHours(-1)), new ApiKeyUse("gone", Now)]);

        Assert.Equal(7, noted.Revision);
        Assert.Equal([Now, Now], noted.Keys.Select(k => k.LastUsedAt));
    }

    private static ApiKey Key(string id) => new(id, "hash", "free", [KeyRoles.Infer], "", Now, "operator.key", null, null, null);
}
