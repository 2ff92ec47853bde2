using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Documents;

public enum CatalogueVerdict
{
    Changed,

    /// <summary>It was so already.</summary>
    Same,

    /// <summary>That number has another content: versions never change.</summary>
    Conflict,

    /// <summary>No such model or version.</summary>
    NotFound,

    /// <summary>What was asked for makes no sense; see why.</summary>
    Invalid,

    /// <summary>One version more than the bounds allow.</summary>
    TooMany,
}

/// <summary>What became of a change.</summary>
/// <param name="Entry">What holds after it; null: the model is not published.</param>
/// <param name="Why">For people, when it was refused: what was expected, what came, what to do. Empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("hybrid.catalogue-change")]
public sealed record CatalogueChange([property: Id(0)] CatalogueVerdict Verdict, [property: Id(1)] CatalogueEntry? Entry, [property: Id(2)] string Why)
{
    public bool Refused => Verdict is not (CatalogueVerdict.Changed or CatalogueVerdict.Same);
}

/// <summary>How a catalogue entry changes. Pure: the caller stores the entry that comes back, then publishes it.</summary>
/// <remarks>
/// Rules kept here: a number never gets another content; versions stand in ascending order; a blocked version leaves the policy's choice, and its number
/// and content stay. Blocking every version leaves nothing desired.
/// </remarks>
public static class CatalogueRules
{
    /// <param name="entry">Null: the model's first version.</param>
    public static CatalogueChange AddVersion(CatalogueEntry? entry, string model, CatalogueVersion version)
    {
        if (entry?.Find(version.Version) is { } known)
        {
            return known.Bundle == version.Bundle
                ? new CatalogueChange(CatalogueVerdict.Same, entry, "")
                : Refuse(CatalogueVerdict.Conflict, entry, $"Version {version.Version} of '{model}' is published with the bundle {Short(known.Bundle)}; came {Short(version.Bundle)}. Versions never change: give the new content the number {entry.Versions[^1].Version + 1}.");
        }

        if (version.Version < 1) return Refuse(CatalogueVerdict.Invalid, entry, $"Expected a version number of 1 or more; came {version.Version}.");
        if (entry?.Versions.Count >= Limits.VersionsPerModelMax) return Refuse(CatalogueVerdict.TooMany, entry, $"'{model}' has {Limits.VersionsPerModelMax} versions, which are the most. Publish under another model's name.");
        CatalogueVersion[] versions = [.. (entry?.Versions ?? []).Append(version).OrderBy(v => v.Version)];
        return Changed(new CatalogueEntry(model, entry?.Policy ?? CataloguePolicy.Newest, versions));
    }

    public static CatalogueChange SetPolicy(CatalogueEntry? entry, string model, CataloguePolicy policy)
    {
        if (entry is null) return Unknown(model);
        if (WhyInvalid(entry, policy) is { } why) return Refuse(CatalogueVerdict.Invalid, entry, why);
        CataloguePolicy sorted = policy with { Specific = [.. policy.Specific.Distinct().Order()] };
        var same = sorted.Kind == entry.Policy.Kind && sorted.Latest == entry.Policy.Latest && sorted.Specific.SequenceEqual(entry.Policy.Specific);
        return same ? new CatalogueChange(CatalogueVerdict.Same, entry, "") : Changed(entry with { Policy = sorted });
    }

    /// <param name="reason">For people: it is shown wherever the version is.</param>
    public static CatalogueChange Block(CatalogueEntry? entry, string model, int version, string reason) => reason.Trim() is not { Length: > 0 and <= Limits.BlockReasonCharsMax } why
        ? Refuse(CatalogueVerdict.Invalid, entry, $"Expected a reason of 1 to {Limits.BlockReasonCharsMax} characters. Say why no node should run the version.")
        : Mark(entry, model, version, why);

    public static CatalogueChange Unblock(CatalogueEntry? entry, string model, int version) => Mark(entry, model, version, null);

    /// <summary>The versions that nodes should run while no rollout says otherwise, ascending.</summary>
    public static IReadOnlyList<CatalogueVersion> Desired(CatalogueEntry entry) =>
        [.. VersionPolicyRules.Select(entry.Policy.ToVersionPolicy(), entry.Versions.Where(v => v.Blocked is null).Select(v => v.Version)).Select(v => entry.Find(v)!)];

    private static CatalogueChange Mark(CatalogueEntry? entry, string model, int version, string? blocked)
    {
        if (entry is null) return Unknown(model);
        if (entry.Find(version) is not { } known) return Refuse(CatalogueVerdict.NotFound, entry, $"'{model}' has no version {version}. Published are {Numbers(entry)}.");
        return known.Blocked == blocked
            ? new CatalogueChange(CatalogueVerdict.Same, entry, "")
            : Changed(entry with { Versions = [.. entry.Versions.Select(v => v.Version == version ? v with { Blocked = blocked } : v)] });
    }

    private static string? WhyInvalid(CatalogueEntry entry, CataloguePolicy policy)
    {
        if (policy.Kind == VersionPolicyKind.Latest) return policy.Latest is > 0 and <= Limits.VersionsPerModelMax ? null : $"Expected how many of the latest versions, 1 to {Limits.VersionsPerModelMax}; came {policy.Latest}.";
        if (policy.Kind != VersionPolicyKind.Specific) return null;
        if (policy.Specific.Count is 0 or > Limits.VersionsPerModelMax) return "Expected the versions to serve; came none.";
        var missing = policy.Specific.FirstOrDefault(v => entry.Find(v) is null);
        if (missing != 0) return $"'{entry.Model}' has no version {missing}. Published are {Numbers(entry)}.";
        return policy.Specific.Select(v => entry.Find(v)!).FirstOrDefault(v => v.Blocked is not null) is { } blocked ? $"Version {blocked.Version} of '{entry.Model}' is blocked ({blocked.Blocked}). Unblock it first, or leave it out." : null;
    }

    private static CatalogueChange Changed(CatalogueEntry entry) => new(CatalogueVerdict.Changed, entry, "");

    private static CatalogueChange Refuse(CatalogueVerdict verdict, CatalogueEntry? entry, string why) => new(verdict, entry, why);

    private static CatalogueChange Unknown(string model) => Refuse(CatalogueVerdict.NotFound, null, $"No version of '{model}' is published. GET /v1/catalogue lists the models that are.");

    private static string Numbers(CatalogueEntry entry) => string.Join(", ", entry.Versions.Select(v => v.Version));

    private static string Short(string digest) => digest[..Math.Min(19, digest.Length)];
}
