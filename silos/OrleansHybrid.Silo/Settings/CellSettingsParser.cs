using System.Globalization;
using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Turns one cell's values into settings, naming every value that does not fit.</summary>
internal static class CellSettingsParser
{
    public const string DefaultCell = "central";
    private const int NameCharsMax = 63;

    public static CellSettings? Parse(SettingValues values, string currentFolder, SettingErrors errors)
    {
        var before = errors.All.Count;
        var read = new ValueReader(values, errors);
        var cell = read.Value(SettingTable.Cell, DefaultCell, ParseName, NameRule);
        var upstream = read.Value(SettingTable.Upstream, null, ParseUrl, "Write http(s)://[key@]host:port, the gRPC port of the cell above and, where it asks for one, its link key.");
        var advertise = read.Value(SettingTable.Advertise, IPAddress.Loopback, t => IPAddress.TryParse(t, out var ip) ? ip : null, "Write an IP address that other silos reach.");
        var siloPort = read.Port(SettingTable.SiloPort, 11110);
        var settings = new CellSettings(
            cell!,
            read.Zone(upstream is null ? Zone.Cloud : Zone.Edge),
            WithoutKey(upstream),
            upstream?.UserInfo is { Length: > 0 } key ? Uri.UnescapeDataString(key) : null,
            read.Value(SettingTable.Store, StoreAddress.Embedded, t => StoreAddress.TryParse(t, out var s) ? s : null, "Write embedded or redis://host:port.")!,
            read.Folders(SettingTable.Models, SampleModels.Folder, currentFolder),
            Path.GetFullPath(read.Text(SettingTable.Data) ?? Path.Combine(".hybrid", cell ?? DefaultCell), currentFolder),
            read.Value(SettingTable.Http, new IPEndPoint(IPAddress.Loopback, 8000), ParseBind, BindRule)!,
            read.Value(SettingTable.Grpc, new IPEndPoint(IPAddress.Loopback, 8001), ParseBind, BindRule)!,
            siloPort,
            read.Port(SettingTable.GatewayPort, 30110),
            read.Value(SettingTable.Node, string.Create(CultureInfo.InvariantCulture, $"{HostName()}-{siloPort}"), ParseName, NameRule)!,
            advertise!,
            read.OneOf(SettingTable.Auth, "off", "off", "required") == "required",
            read.OneOf(SettingTable.InsecureLinks, "false", "true", "false") == "true",
            read.Text(SettingTable.Policy) is { } policy ? Path.GetFullPath(policy, currentFolder) : null);
        settings = settings with
        {
            DocumentKey = read.Text(SettingTable.DocumentKey) is { } documentKey ? Path.GetFullPath(documentKey, currentFolder) : null,
            Publishers = Path.GetFullPath(read.Text(SettingTable.Publishers) ?? Path.Combine(Path.GetDirectoryName(settings.Data) ?? settings.Data, "publishers"), currentFolder),
            ModelMemoryBytes = read.Value(SettingTable.ModelMemory, "", t => QuantityText.Bytes(t) is null ? null : t, QuantityText.BytesRule) is { Length: > 0 } size ? QuantityText.Bytes(size)!.Value : 0,
            ModelIdle = read.Value(SettingTable.ModelIdle, "", t => QuantityText.Time(t) is null ? null : t, QuantityText.TimeRule) is { Length: > 0 } time ? QuantityText.Time(time)!.Value : TimeSpan.Zero,
            LinkBytesPerSecond = read.Value(SettingTable.LinkRate, "", t => QuantityText.Rate(t) is null ? null : t, QuantityText.RateRule) is { Length: > 0 } rate ? QuantityText.Rate(rate)!.Value : 0,
            FetchWindow = read.Value(SettingTable.FetchWindow, null, FetchWindow.Parse, "Write the hour at which it begins and the one at which it ends, in UTC, for example 22:00-06:00."),
            Labels = read.Value(SettingTable.Labels, new Dictionary<string, string>(), ParseLabels, "Write name=value,name=value: at most 32, each name once.")!,
            Tls = TlsSettingsParser.Parse(values, upstream, currentFolder, errors),
            TrustSigned = read.OneOf(SettingTable.Trust, "local", "local", "signed") == "signed",
        };
        RefuseKeyBelow(values, upstream, errors);
        return errors.All.Count == before ? settings : null;
    }

    private const string NameRule = "Use at most 63 lower-case letters, digits and single dashes, beginning with a letter.";
    private const string BindRule = "Write host:port, for example 127.0.0.1:8000; the host is an IP address, localhost, or * for every address, the port 1 to 65535.";

    /// <summary>A cell below signs nothing: a key there would be one more that can leak.</summary>
    private static void RefuseKeyBelow(SettingValues values, Uri? upstream, SettingErrors errors)
    {
        if (upstream is not null && values.One(SettingTable.DocumentKey) is { } key) errors.Add(key.Where, "a cell with an upstream signs no documents", "Leave it out: the key belongs to the cell that has nothing above it.");
    }

    private static Dictionary<string, string>? ParseLabels(string text)
    {
        var pairs = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToArray();
        if (pairs.Any(p => p.Length != 2) || pairs.DistinctBy(p => p[0]).Count() != pairs.Length) return null;
        var labels = pairs.ToDictionary(p => p[0].Trim(), p => p[1].Trim());
        return NodeReportRules.WrongLabels(labels) is null ? labels : null;
    }

    private static string? ParseName(string text) =>
        text.Length is > 0 and <= NameCharsMax && char.IsAsciiLetterLower(text[0]) && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? text : null;

    /// <summary>The key is kept apart, so that an address can be printed.</summary>
    private static Uri? WithoutKey(Uri? upstream) => upstream is null ? null : new Uri(upstream.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));

    private static Uri? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.PathAndQuery == "/" ? uri : null;

    private static IPEndPoint? ParseBind(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > IPEndPoint.MaxPort) return null;
        var host = text[..colon];
        if (host == "localhost") return new IPEndPoint(IPAddress.Loopback, port);
        if (host == "*") return new IPEndPoint(IPAddress.Any, port);
        return IPAddress.TryParse(host.Trim('[', ']'), out var address) ? new IPEndPoint(address, port) : null;
    }

    private static string HostName()
    {
        var letters = Environment.MachineName.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-');
        var name = string.Join('-', new string([.. letters]).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 && char.IsAsciiLetterLower(name[0]) ? name[..Math.Min(name.Length, 50)].TrimEnd('-') : "node";
    }
}
