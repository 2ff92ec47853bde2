using System.Globalization;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Where a cell keeps its state: the embedded store, or a Redis.</summary>
/// <param name="Redis">Null: embedded.</param>
internal sealed record StoreAddress(RedisAddress? Redis)
{
    public const string EmbeddedName = "embedded";
    private const int RedisPort = 6379;

    public static StoreAddress Embedded { get; } = new((RedisAddress?)null);

    public static bool TryParse(string text, out StoreAddress address)
    {
        address = Embedded;
        if (text == EmbeddedName) return true;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "redis" || uri.Host.Length == 0 || uri.PathAndQuery.Length > 1) return false;
        var credential = uri.UserInfo.Split(':', 2);
        address = new StoreAddress(new RedisAddress(
            uri.Host,
            uri.Port < 0 ? RedisPort : uri.Port,
            Uri.UnescapeDataString(credential[0]),
            credential.Length == 2 ? Uri.UnescapeDataString(credential[1]) : ""));
        return true;
    }
}

/// <summary>A Redis server. Its text form leaves the credential out, so that it can be printed.</summary>
internal sealed record RedisAddress(string Host, int Port, string User, string Password)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"redis://{Host}:{Port}");
}
