using OrleansHybrid.Domain.Ledger;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Ledger;

public class ApiKeyTextTests
{
    private static readonly string Key = ApiKeyText.Write([1, 2, 3, 4, 5, 6], [.. Enumerable.Range(0, ApiKeyText.SecretBytes).Select(i => (byte)i)]);

    [Fact]
    public void Key_has_a_prefix_a_public_id_and_a_secret()
    {
        Assert.StartsWith("hyb_010203040506_0001", Key, StringComparison.Ordinal);
        Assert.True(ApiKeyText.TryReadId(Key, out var id));
        Assert.Equal("010203040506", id.ToString());
    }

    [Fact]
    public void Key_matches_its_hash_and_no_other_does()
    {
        var hash = Convert.FromHexString(ApiKeyText.HashOf(Key));

        Assert.True(ApiKeyText.Matches(Key, hash));
        for (var i = 0; i < Key.Length; i++)
        {
            var other = Key.ToCharArray();
            other[i] = other[i] == '0' ? '1' : '0';
            Assert.False(ApiKeyText.Matches(other, hash), $"character {i} does not count");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hyb_")]
    [InlineData("hyb_010203040506_short")]
    [InlineData("é")]
    public void Text_of_another_form_is_no_key(string text)
    {
        Assert.False(ApiKeyText.TryReadId(text, out _));
        Assert.False(ApiKeyText.Matches(text, new byte[32]));
        Assert.False(ApiKeyText.TryReadId(Key + "0", out _));
        Assert.False(ApiKeyText.Matches(new string('é', Key.Length), new byte[32]));
    }

    [Fact]
    public void Judging_a_key_allocates_nothing()
    {
        var hash = Convert.FromHexString(ApiKeyText.HashOf(Key));
        for (var i = 0; i < 100; i++) ApiKeyText.Matches(Key, hash);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) ApiKeyText.Matches(Key, hash);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
