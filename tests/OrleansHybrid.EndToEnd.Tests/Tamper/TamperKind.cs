using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>One way to tamper, and how it is told.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Place">Where it is found.</param>
/// <param name="Refusal">The code.</param>
/// <param name="Says">Of the sentence, what no other kind of its place says.</param>
/// <param name="Do">For the reader of the page.</param>
internal sealed record TamperKind(string Name, TamperPlace Place, BundleRefusal Refusal, string Says, string Do)
{
    public bool Tells(string? why) => why is not null && why.Contains(Refusal + ": ", StringComparison.Ordinal) && why.Contains(Says, StringComparison.Ordinal);
}

internal enum TamperPlace
{
    /// <summary>An operator pushes to the farm's authority.</summary>
    Push,

    /// <summary>A document comes down from the cell above.</summary>
    Document,

    /// <summary>A file comes down from the cell above.</summary>
    Transfer,

    /// <summary>A file comes to a box from its cell.</summary>
    Node,

    /// <summary>A document comes to a box from its cell.</summary>
    NodeDocument,

    /// <summary>A box's data folder was changed while the box was down.</summary>
    NodeDisk,

    /// <summary>The data folder was changed while the cell was down.</summary>
    Disk,
}
