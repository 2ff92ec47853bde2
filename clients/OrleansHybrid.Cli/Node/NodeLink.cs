using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Tls;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Cli.Node;

/// <summary>Where the node's cell is, as <c>join</c> was told: <c>cell.json</c>. No secret is in it.</summary>
/// <param name="Address">Of the cell's gRPC port.</param>
/// <param name="Zone">Of the cell; cloud unless somebody vouched for edge.</param>
internal sealed record NodeLink(string Address, Zone Zone, bool InsecureLinks)
{
    /// <summary>By whom the cell is believed, and what is shown to it: absolute paths, so that the agent finds them from anywhere.</summary>
    public LinkTlsFiles Files { get; init; } = LinkTlsFiles.None;

    private const int BytesMax = 64 << 10;

    public UpstreamOptions For(string node, string? credential, LinkTls tls) => new(Address, node, Zone.Device) { Zone = Zone, Credential = credential, InsecureLinks = InsecureLinks, Tls = tls };

    /// <summary>Null: it is not there, or is none.</summary>
    public static NodeLink? Read(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > BytesMax) return null;
        if (StrictJson.ReadObject(File.ReadAllBytes(path), "cell.json", out _) is not { } root) return null;
        if (!root.TryGetProperty("address", out var address) || address.GetString() is not { } text) return null;
        var zone = root.TryGetProperty("zone", out var named) && Zones.TryParse(named.GetString() ?? "", out var read) ? read : Zone.Cloud;
        return new NodeLink(text, zone, root.TryGetProperty("insecure_links", out var insecure) && insecure.ValueKind == JsonValueKind.True) { Files = new LinkTlsFiles(Text(root, "ca"), Text(root, "certificate"), Text(root, "key_file")) };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Write(string path)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { ["address"] = Address, ["zone"] = Zone.WireName(), ["insecure_links"] = InsecureLinks, ["ca"] = Files.Ca, ["certificate"] = Files.Certificate, ["key_file"] = Files.Key });
        File.WriteAllBytes(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
