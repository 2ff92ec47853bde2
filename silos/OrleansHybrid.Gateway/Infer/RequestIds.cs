using System.Globalization;
using System.Security.Cryptography;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Ids for requests that bring none: unlike across processes, cheap within one.</summary>
internal sealed class RequestIds
{
    private readonly string prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private long last;

    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref last):x}");
}
