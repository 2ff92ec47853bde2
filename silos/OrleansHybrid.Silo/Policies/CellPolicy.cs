namespace OrleansHybrid.Silo.Policies;

/// <summary>The cell's policy: from its store, its file and the API, on every silo.</summary>
internal static class CellPolicy
{
    /// <summary>After the cluster, whose grains keep the policies.</summary>
    public static WebApplicationBuilder AddCellPolicy(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PolicyCopy>().AddSingleton<PolicyRefusals>().AddSingleton<PolicyKeeper>();
        builder.Services.AddHostedService<PolicyStart>();
        return builder;
    }
}
