using System.CommandLine;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Options of every command that dials a cell over https. One object for each command.</summary>
internal sealed class TlsOptions
{
    public Option<string?> Ca { get; } = new("--ca") { Description = "The authorities that the cell is believed by, in PEM; without it: the system's.", HelpName = "FILE" };

    public Option<string?> Certificate { get; } = new("--certificate") { Description = "A client certificate to show to the cell, in PEM.", HelpName = "FILE" };

    public Option<string?> Key { get; } = new("--key-file") { Description = "The private key of --certificate, in PEM, mode 0600.", HelpName = "FILE" };

    public LinkTlsFiles Read(ParseResult input) => new LinkTlsFiles(input.GetValue(Ca), input.GetValue(Certificate), input.GetValue(Key)).Absolute();
}
