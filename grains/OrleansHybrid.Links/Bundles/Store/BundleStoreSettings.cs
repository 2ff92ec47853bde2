using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Where a place keeps its bundles, and whom it believes.</summary>
/// <param name="Folder"><c>&lt;data&gt;/bundles</c>. One process owns it.</param>
/// <param name="Trusted">The publishers' keys; asked each time, they may change.</param>
/// <param name="Clock">For ages.</param>
public sealed record BundleStoreSettings(string Folder, Func<IReadOnlyList<PublisherKey>> Trusted, TimeProvider Clock)
{
    /// <summary>Of all files together.</summary>
    public long BytesMax { get; init; } = Limits.BundleStoreBytesMax;

    /// <summary>Of the disk, kept for others: a file that would take of it is refused.</summary>
    public long DiskReserveBytes { get; init; } = Limits.DiskReserveBytes;

    /// <summary>What is free on the disk of a folder, in bytes.</summary>
    public Func<string, long> DiskFree { get; init; } = DiskRoom.Free;

    /// <summary>Since a version was last wanted.</summary>
    public TimeSpan VersionAgeMax { get; init; } = Limits.BundleAgeMax;

    /// <summary>Since a file that no version needs was last wanted.</summary>
    public TimeSpan FileAgeMax { get; init; } = Limits.IncomingAgeMax;

    /// <summary>Told what an operator may want to know, one sentence each.</summary>
    public Action<string> Notice { get; init; } = static _ => { };
}
