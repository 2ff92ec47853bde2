using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Silo.Policies;

/// <summary>A policy's text, read: what it says, or every error in it.</summary>
/// <param name="Document">Null when there are errors.</param>
internal sealed record PolicyCandidate(PolicyReading Reading, PolicyDocument? Document)
{
    /// <param name="name">What errors call the text.</param>
    public static PolicyCandidate Read(ReadOnlySpan<byte> bytes, string name, DateTimeOffset now, string by)
    {
        var reading = PolicyReader.Read(bytes, name);
        return new PolicyCandidate(
            reading,
            reading.Config is { } config ? new PolicyDocument(config.Policy, config.Revision, Encoding.UTF8.GetString(bytes), DigestOf(bytes), now, by) : null);
    }

    /// <summary>A document that was accepted once. Another version of the program may have accepted what this one cannot read.</summary>
    public static PolicyCandidate Of(PolicyDocument document)
    {
        var reading = PolicyReader.Read(Encoding.UTF8.GetBytes(document.Text), "policy.yaml");
        return new PolicyCandidate(reading, reading.Policy is null ? null : document);
    }

    public static string DigestOf(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
