namespace OrleansHybrid.Silo.Settings;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public static void Write(TextWriter output)
    {
        output.WriteLine("OrleansHybrid silo: starts one cell, the cells of a file, or without any setting a farm of three cells on this machine.");
        output.WriteLine();
        output.WriteLine("Every setting has one name: --name VALUE here, HYBRID_NAME in the environment, name: VALUE in a file. This order of precedence.");
        output.WriteLine();
        WriteRow(output, "--config FILE", "a YAML file with cells: a list of cells, each with these names as keys", "");
        foreach (var setting in SettingTable.All) WriteRow(output, $"{setting.Flag} {setting.Value}".TrimEnd(), setting.Help, setting.Default);
        WriteRow(output, "--help, --version", "show this, or the version", "");
    }

    private static void WriteRow(TextWriter output, string name, string help, string fallback) =>
        output.WriteLine($"  {name,-24}{help}{(fallback.Length > 0 ? $" [{fallback}]" : "")}");
}
