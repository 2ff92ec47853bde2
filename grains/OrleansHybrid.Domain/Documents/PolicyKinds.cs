using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Documents;

/// <summary>A catalogue policy's kinds by the words of documents and the admin API.</summary>
public static class PolicyKinds
{
    private static readonly string[] Names = ["latest", "specific", "all"];

    public static string NameOf(VersionPolicyKind kind) => Names[(int)kind];

    public static VersionPolicyKind? Find(string? name) => Array.IndexOf(Names, name) is var at and >= 0 ? (VersionPolicyKind)at : null;
}
