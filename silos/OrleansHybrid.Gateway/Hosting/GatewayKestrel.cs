using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>Kestrel's limits, set from <see cref="Limits"/>.</summary>
public static class GatewayKestrel
{
    /// <summary>HTTP/2's windows: large enough that one tensor of a few MiB does not wait for window updates.</summary>
    private const int ConnectionWindowBytes = 16 << 20;
    private const int StreamWindowBytes = 8 << 20;

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = Limits.RequestBytesMax;
        options.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        options.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
    }
}
