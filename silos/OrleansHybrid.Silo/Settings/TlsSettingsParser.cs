namespace OrleansHybrid.Silo.Settings;

/// <summary>Reads the settings of TLS and what they mean together. What is in the files is looked at by <see cref="TlsFileRules"/>.</summary>
internal static class TlsSettingsParser
{
    public static TlsSettings Parse(SettingValues values, Uri? upstream, string currentFolder, SettingErrors errors)
    {
        var listener = Pair(SettingTable.TlsCertificate, SettingTable.TlsKey);
        var link = Pair(SettingTable.LinkCertificate, SettingTable.LinkCertificateKey);
        var silo = Pair(SettingTable.SiloCertificate, SettingTable.SiloKey);
        var settings = new TlsSettings(listener, File(SettingTable.TlsClientCa), File(SettingTable.LinkCa), link, File(SettingTable.SiloTlsCa), silo);
        RefuseIdle(SettingTable.TlsClientCa, listener is null, "nobody can show a certificate on ports without TLS", "Give --tls-certificate and --tls-key too.");
        RefuseIdle(SettingTable.LinkCa, upstream?.Scheme != "https", "the cell above is not reached by https", "Give --upstream https://host:port, or leave it out.");
        RefuseIdle(SettingTable.LinkCertificate, upstream?.Scheme != "https", "the cell above is not reached by https", "Give --upstream https://host:port, or leave it out.");
        RefuseIdle(SettingTable.SiloCertificate, settings.SiloCa is null, "silos speak plain text without --silo-tls-ca", "Give --silo-tls-ca, the authorities that silos are believed by.");
        RefuseIdle(SettingTable.SiloTlsCa, silo is null && listener is null, "this silo has no certificate to show", "Give --silo-certificate and --silo-key, or --tls-certificate and --tls-key.");
        RefuseIdle(SettingTable.SiloTlsCa, settings.SiloCa is not null && settings.SiloCa == settings.ClientCa, "the same authorities as --tls-client-ca would let every region into the cluster", "Use an authority of its own for the silos.");
        return settings;

        string? File(SettingDefinition setting) => values.One(setting) is { } given ? Path.GetFullPath(given.Text, currentFolder) : null;

        CertificateFiles? Pair(SettingDefinition certificate, SettingDefinition key)
        {
            var (first, second) = (File(certificate), File(key));
            if (first is not null && second is not null) return new CertificateFiles(first, second);
            if (first is not null || second is not null) errors.Add(first is null ? key.Flag : certificate.Flag, $"{(first is null ? certificate.Flag : key.Flag)} is missing beside it", "A certificate and its key are given together.");
            return null;
        }

        void RefuseIdle(SettingDefinition setting, bool idle, string problem, string remedy)
        {
            if (idle && values.One(setting) is { } given) errors.Add(given.Where, problem, remedy);
        }
    }
}
