namespace OrleansHybrid.Domain.Models;

/// <summary>One thing that is wrong in a file that people write.</summary>
/// <param name="Path">The key path, for example <c>variants[1].zones[0]</c>; empty for the file itself.</param>
/// <param name="Remedy">What to do, as an instruction.</param>
public sealed record ManifestError(string Path, string Expected, string Came, string Remedy)
{
    /// <summary>Counted from 1; 0 while not known.</summary>
    public int Line { get; init; }

    /// <inheritdoc cref="Line"/>
    public int Column { get; init; }

    /// <summary>One line: <c>model.yaml:7:20 variants[1].zones[0]: expected …; came …. Remedy.</c></summary>
    public string Render(string file)
    {
        var place = Line > 0 ? string.Create(null, $"{file}:{Line}:{Column}") : file;
        var where = Path.Length == 0 ? place : $"{place} {Path}";
        var end = Remedy.EndsWith('?') ? "" : ".";
        return $"{where}: expected {Expected}; came {Came}. {Remedy}{end}";
    }
}
