namespace OrleansHybrid.Silo.Settings;

/// <summary>The policy of the farm that starts without any setting; building this project copies it beside the program.</summary>
internal static class FarmPolicy
{
    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "policies", "farm-default.yaml");
}
