using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Silo.Trust;

/// <summary>What a stored key lets its holder be.</summary>
internal static class ApiKeyCallers
{
    public static CallerIdentity IdentityOf(ApiKey key) =>
        new(key.Tenant, key.Roles.Aggregate(CallerRoles.None, static (roles, role) => roles | RolesOf(role)), false, "key " + key.Id);

    /// <summary>A role that this version of the program does not know allows nothing; nor does a node's, which no key has.</summary>
    private static CallerRoles RolesOf(string role) => role switch
    {
        KeyRoles.Viewer => CallerRoles.Viewer,
        KeyRoles.Infer => CallerRoles.Infer,
        KeyRoles.Operator => CallerRoles.Viewer | CallerRoles.Infer | CallerRoles.Operator,
        KeyRoles.Approver => CallerRoles.Viewer | CallerRoles.Approver,
        _ => CallerRoles.None,
    };
}
