using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Ends the reading of a document that breaks a bound; never leaves <see cref="YamlTree"/>.</summary>
internal sealed class YamlRefusedException(ManifestError error) : Exception
{
    public ManifestError Error { get; } = error;
}
