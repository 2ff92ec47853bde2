namespace OrleansHybrid.Domain.Ledger;

/// <summary>What a key allows, in the words that keys are made and stored with.</summary>
public static class KeyRoles
{
    /// <summary>Reads metadata, statistics and the admin API; plans without running.</summary>
    public const string Viewer = "viewer";

    /// <summary>Runs models, and reads what a caller of them needs: the server's and the models' metadata.</summary>
    public const string Infer = "infer";

    /// <summary>Changes things. Holds the other two as well: whoever may make keys could make those.</summary>
    public const string Operator = "operator";

    /// <summary>Reads, and approves what an operator asked for; changes nothing else. No operator holds it: two people are wanted.</summary>
    public const string Approver = "approver";

    /// <summary>A node's or a region's own, from enrolling. No key can have it: a person's credential opens no call of nodes.</summary>
    public const string Node = "node";

    /// <summary>Those that a key can have.</summary>
    public static IReadOnlyList<string> AllNames { get; } = [Viewer, Infer, Operator, Approver];
}
