using System.Net;
using OrleansHybrid.Domain;
using StackExchange.Redis;

namespace OrleansHybrid.Client.Orleans;

/// <summary>What options must be. Every error at once, each with the setting and the remedy.</summary>
internal static class OrleansHybridClientOptionsRules
{
    private const int RedisPort = 6379;
    private static readonly TimeSpan ConnectMin = TimeSpan.FromSeconds(1), ConnectMax = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<string> Check(OrleansHybridClientOptions options)
    {
        var errors = new List<string>();
        if (options.Cell is not { Length: > 0 and <= Limits.NameCharsMax }) errors.Add($"Cell: expected the name of a cell, 1 to {Limits.NameCharsMax} characters; came '{options.Cell}'. It is what the silos were given as --cell.");
        if (options.Redis is null && options.Gateways is not { Count: > 0 }) errors.Add("Redis, Gateways: expected one of the two; came neither. Give the cell's store, or host:port of its Orleans gateways.");
        if (options.Redis is not null && options.Gateways is { Count: > 0 }) errors.Add("Redis, Gateways: expected one of the two; came both. Remove one.");
        if (options.Redis is { } redis && Parse(redis) is null) errors.Add($"Redis: expected redis://[user:password@]host:port; came '{WithoutCredential(redis)}'. Correct the address.");
        errors.AddRange((options.Gateways ?? []).Where(g => Gateway(g) is null).Select(g => $"Gateways: expected an IP address and a port, such as 127.0.0.1:30111; came '{g}'. Correct the address."));
        if (options.ConnectTimeout < ConnectMin || options.ConnectTimeout > ConnectMax) errors.Add($"ConnectTimeout: expected {ConnectMin} to {ConnectMax}; came {options.ConnectTimeout}.");
        return errors;
    }

    public static IPEndPoint? Gateway(string text) => IPEndPoint.TryParse(text, out var address) && address.Port > 0 ? address : null;

    public static ConfigurationOptions? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "redis" || uri.Host.Length == 0 || uri.PathAndQuery.Length > 1) return null;
        var options = new ConfigurationOptions { AbortOnConnectFail = false, EndPoints = { { uri.Host, uri.Port < 0 ? RedisPort : uri.Port } } };
        var credential = uri.UserInfo.Split(':', 2);
        if (credential[0].Length > 0) options.User = Uri.UnescapeDataString(credential[0]);
        if (credential.Length == 2) options.Password = Uri.UnescapeDataString(credential[1]);
        return options;
    }

    private static string WithoutCredential(string text) => text.Contains('@', StringComparison.Ordinal) ? "an address with a credential" : text;
}
