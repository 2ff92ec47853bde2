namespace OrleansHybrid.Gateway.Access;

/// <summary>Who presented a credential and what it may do.</summary>
/// <param name="Tenant">Who pays; <c>default</c> when the credential names nobody.</param>
/// <param name="IsLink">The credential of a cell or node below: its hop metadata (tenant, ceiling, hops) is believed.</param>
/// <param name="Name">Of the credential, for records of who changed what; never the credential itself. Empty: there was none.</param>
public sealed record CallerIdentity(string Tenant, CallerRoles Roles, bool IsLink, string Name = "")
{
    /// <summary>The node or region that enrolled with this credential; empty: it names none.</summary>
    public string Node { get; init; } = "";

    /// <summary>With <see cref="IsLink"/>: a cell below, rather than a node.</summary>
    public bool IsRegion { get; init; }
}

/// <summary>What a caller may do. A credential can hold several.</summary>
[Flags]
public enum CallerRoles
{
    None = 0,

    /// <summary>Reads metadata, configuration, statistics and the repository's index; plans without running.</summary>
    Viewer = 1,

    /// <summary>Runs models.</summary>
    Infer = 2,

    /// <summary>Changes things: models, keys, policies, versions.</summary>
    Operator = 4,

    /// <summary>Approves what an operator asked for; changes nothing by itself.</summary>
    Approver = 8,

    /// <summary>A node or a region below, by the credential that it got when it enrolled: checks in, reads documents and files. Never a person's.</summary>
    Node = 16,
}
