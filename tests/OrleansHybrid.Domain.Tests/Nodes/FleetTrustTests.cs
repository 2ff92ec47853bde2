using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class FleetTrustTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly NodeCredential Credential = new("eu-west", "box-7", EnrolledKind.Node, "aa11", Now);

    [Fact]
    public void Credential_reads_back_and_any_change_of_it_is_refused()
    {
        var text = NodeCredentialText.Write(Credential, Key);

        Assert.Equal(Credential, NodeCredentialText.Verify(text, Key));
        Assert.Null(NodeCredentialText.Verify(text, new byte[32]));
        for (var i = NodeCredentialText.Prefix.Length; i < text.Length - 1; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Assert.Null(NodeCredentialText.Verify(changed, Key));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hyn_")]
    [InlineData("hyn_.")]
    [InlineData("hyn_ä.ä")]
    [InlineData("hyb_x.y")]
    public void Text_that_is_no_credential_is_refused(string text) => Assert.Null(NodeCredentialText.Verify(text, Key));

    [Fact]
    public void Join_token_enrols_as_often_as_it_says_and_not_after_its_end()
    {
        var token = JoinTokenText.Write(new byte[JoinTokenText.IdBytes], new byte[JoinTokenText.SecretBytes], ["k2", "k1"]);
        Assert.True(JoinTokenText.TryRead(token, out var id, out var publishers));
        Assert.Equal(JoinTokenText.DigestOf(["k1", "k2"]), publishers);
        var hash = JoinTokenText.HashOf(token);
        var (trust, _) = JoinTokenRules.Add(FleetTrust.Empty, Wanted(uses: 2), id, hash, Now);

        Assert.NotNull(JoinTokenRules.Judge(trust, id, hash, Now.AddMinutes(59)).Token);
        Assert.Contains("expired", JoinTokenRules.Judge(trust, id, hash, Now.AddHours(1)).Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(JoinTokenRules.Judge(trust, id, JoinTokenText.HashOf(token + "x"), Now).Failure);
        var (once, _) = JoinTokenRules.Use(trust, id, hash, Now);
        var (twice, second) = JoinTokenRules.Use(once, id, hash, Now);
        Assert.NotNull(second.Token);
        Assert.Contains("used up", JoinTokenRules.Use(twice, id, hash, Now).Change.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("revoked", JoinTokenRules.Judge(JoinTokenRules.Revoke(trust, id, Now).Trust, id, hash, Now).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25 * 60, 1)]
    [InlineData(60, 0)]
    [InlineData(60, 1001)]
    public void Join_token_that_lives_too_long_or_enrols_too_many_is_refused(int minutes, int uses) =>
        Assert.NotNull(JoinTokenRules.Add(FleetTrust.Empty, Wanted(uses) with { Lifetime = TimeSpan.FromMinutes(minutes) }, "a", "b", Now).Change.Failure);

    [Fact]
    public void Fleet_key_is_never_replaced()
    {
        var trust = FleetTrustRules.WithKey(FleetTrust.Empty, Key, Now);

        Assert.Same(trust, FleetTrustRules.WithKey(trust, new byte[32], Now));
    }

    private static NewJoinToken Wanted(int uses) => new(EnrolledKind.Node, new Dictionary<string, string>(), uses, TimeSpan.Zero, "operator.key");
}
