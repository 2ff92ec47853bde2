using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Looks into the files before anything starts: every one that cannot be used is named with its setting.</summary>
internal static class TlsFileRules
{
    private const string Remedy = "Correct the file or the setting";

    public static void Check(CellSettings cell, TimeProvider clock, SettingErrors errors)
    {
        var tls = cell.Tls;
        Certificate(SettingTable.TlsCertificate, tls.Listener, CertificateUse.Server);
        Authorities(SettingTable.TlsClientCa, tls.ClientCa);
        Authorities(SettingTable.LinkCa, tls.LinkCa);
        Certificate(SettingTable.LinkCertificate, tls.Link, CertificateUse.Client);
        Authorities(SettingTable.SiloTlsCa, tls.SiloCa);
        if (tls.SiloCa is not null) Certificate(tls.Silo is null ? SettingTable.TlsCertificate : SettingTable.SiloCertificate, tls.Silo ?? tls.Listener, CertificateUse.Server | CertificateUse.Client);
        if (tls is { ClientCa: { } clients, SiloCa: { } silos } && clients != silos) Apart(clients, silos);

        void Apart(string clients, string silos)
        {
            using var regions = TlsTrust.Open(clients, clock, static _ => { }, out _);
            using var cluster = TlsTrust.Open(silos, clock, static _ => { }, out _);
            if (regions is not null && cluster is not null && cluster.Shares(regions)) errors.Add(SettingTable.SiloTlsCa.Flag, $"cell '{cell.Cell}': an authority in '{silos}' is in --tls-client-ca too, and would let every region into the cluster", "Use an authority of its own for the silos.");
        }

        void Certificate(SettingDefinition setting, CertificateFiles? files, CertificateUse use)
        {
            if (files is null) return;
            using var read = TlsCertificate.Open(files.Certificate, files.Key, use, clock, static _ => { }, out var problem);
            if (problem is not null) errors.Add(setting.Flag, $"cell '{cell.Cell}': {problem}", $"{Remedy}: see docs/how-to/turn-on-tls.md.");
        }

        void Authorities(SettingDefinition setting, string? file)
        {
            if (file is null) return;
            using var read = TlsTrust.Open(file, clock, static _ => { }, out var problem);
            if (problem is not null) errors.Add(setting.Flag, $"cell '{cell.Cell}': {problem}", $"{Remedy}: see docs/how-to/turn-on-tls.md.");
        }
    }
}
