namespace OrleansHybrid.Silo.Settings;

/// <summary>One thing wrong with the settings: where it was said, what came, what is allowed, and what to do.</summary>
internal sealed record SettingError(string Where, string Problem, string Remedy)
{
    public override string ToString() => $"{Where}: {Problem}. {Remedy}";
}

/// <summary>Collects every error, so that one start shows them all.</summary>
internal sealed class SettingErrors
{
    private readonly List<SettingError> errors = [];

    public IReadOnlyList<SettingError> All => errors;

    public void Add(string where, string problem, string remedy) => errors.Add(new SettingError(where, problem, remedy));
}
