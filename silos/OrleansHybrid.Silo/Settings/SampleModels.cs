namespace OrleansHybrid.Silo.Settings;

/// <summary>The sample repository that building this project copies beside the program.</summary>
internal static class SampleModels
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models");
}
