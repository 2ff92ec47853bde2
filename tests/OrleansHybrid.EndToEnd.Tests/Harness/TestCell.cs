using System.Globalization;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>One cell of a farm under test: its name and free ports on loopback.</summary>
/// <param name="UpstreamPort">Reaches the cell above through this port, of a proxy say; null: directly.</param>
/// <param name="Data">Its state folder; null: under the farm's folder.</param>
/// <param name="LinkKey">The key by which the cell above knows it; null: none, so that it is an anonymous caller there.</param>
internal sealed record TestCell(string Name, int Http, int Grpc, int Silo, int Gateway, TestCell? Above = null, string? Data = null, string? Store = null, int? UpstreamPort = null, string? LinkKey = null)
{
    public static TestCell Create(string name, TestCell? above = null) =>
        new(name, FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), above);

    /// <summary><c>https</c> for a cell that is started with a certificate.</summary>
    public string Scheme { get; init; } = "http";

    public string HttpUrl => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://127.0.0.1:{Http}");

    public string GrpcUrl => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://127.0.0.1:{Grpc}");

    /// <summary>The settings as key and value, for the command line or a file.</summary>
    public IEnumerable<(string Key, string Value)> Settings(string farmFolder)
    {
        yield return ("cell", Name);
        if (Above is not null) yield return ("upstream", FormattableString.Invariant($"{Above.Scheme}://{(LinkKey is null ? "" : LinkKey + "@")}127.0.0.1:{UpstreamPort ?? Above.Grpc}"));
        if (Store is not null) yield return ("store", Store);
        yield return ("node", Node());
        yield return ("data", DataFolder(farmFolder));
        yield return ("http", FormattableString.Invariant($"127.0.0.1:{Http}"));
        yield return ("grpc", FormattableString.Invariant($"127.0.0.1:{Grpc}"));
        yield return ("silo-port", Silo.ToString(CultureInfo.InvariantCulture));
        yield return ("gateway-port", Gateway.ToString(CultureInfo.InvariantCulture));
    }

    public string Node() => FormattableString.Invariant($"{Name}-{Silo}");

    public string DataFolder(string farmFolder) => Data ?? Path.Combine(farmFolder, "state", Name);

    public string[] Arguments(string farmFolder) => [.. Settings(farmFolder).SelectMany(s => new[] { "--" + s.Key, s.Value })];
}
