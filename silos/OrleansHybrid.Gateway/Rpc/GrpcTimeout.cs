using System.Globalization;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
/// <remarks>Read as the time left that it is; a deadline in clock time would depend on whose clock is asked.</remarks>
internal static class GrpcTimeout
{
    public static TimeSpan? Parse(string? text)
    {
        if (text is null || text.Length is < 2 or > 9) return null;
        if (!int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)) return null;
        double? seconds = text[^1] switch
        {
            'H' => amount * 3600.0,
            'M' => amount * 60.0,
            'S' => amount,
            'm' => amount / 1e3,
            'u' => amount / 1e6,
            'n' => amount / 1e9,
            _ => null,
        };
        if (seconds is not { } value) return null;
        return value >= Limits.DeadlineMax.TotalSeconds ? Limits.DeadlineMax : TimeSpan.FromSeconds(value);
    }
}
