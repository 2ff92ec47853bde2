using System.Text;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Which names a signed file may have: relative, '/' between parts, ASCII, the same file on every file system. Pure.</summary>
public static class BundleNames
{
    /// <summary>The signature cannot cover itself.</summary>
    public const string SignatureFile = "model.sig";

    private const int PartBytesMax = 255;
    private const string Forbidden = "<>:\"|?*\\";

    private static readonly HashSet<string> Devices = new(
        new[] { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" }.Concat(Enumerable.Range(1, 9).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })), StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when every name is safe, and safe beside the others.</summary>
    public static BundleProblem? Check(IReadOnlyList<string> names)
    {
        if (names.Count > Limits.FilesPerVersionMax) return new BundleProblem(BundleRefusal.TooLarge, $"expected at most {Limits.FilesPerVersionMax} files; came {names.Count}. Leave out what does not belong to the version.");
        foreach (var name in names)
        {
            if (WhyUnsafe(name) is { } why) return new BundleProblem(BundleRefusal.UnsafeName, $"the file name '{Show(name)}' {why}. Rename the file and sign again.");
        }

        return Collisions(names);
    }

    /// <summary>Left out of every signature, with what is below them: the signature itself, and what belongs to git. Exact names at the top of the folder; <c>.gitx</c> or <c>a/.git</c> are files like any other.</summary>
    public static IReadOnlyList<string> NeverSigned { get; } = [".git", ".gitattributes", ".github", ".gitignore", ".gitmodules", SignatureFile];

    /// <summary>Whether a name is one of <see cref="NeverSigned"/> or lies below one.</summary>
    public static bool IsNeverSigned(string name) => NeverSigned.Contains(name.Split('/', 2)[0], StringComparer.Ordinal);

    /// <summary>Whether a name is one of the paths or lies below one: the whole path from the top, never a part of a name.</summary>
    public static bool IsUnder(string name, IReadOnlySet<string> paths)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('/', end - 1))
        {
            if (paths.Contains(name[..end])) return true;
        }

        return false;
    }

    /// <summary>Byte by byte in UTF-8, as the specification sorts.</summary>
    public static int Compare(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static string? WhyUnsafe(string name)
    {
        if (name.Length == 0) return "is empty";
        if (Encoding.UTF8.GetByteCount(name) > Limits.BundleNameBytesMax) return $"is longer than {Limits.BundleNameBytesMax} bytes";
        if (name.Contains('\\')) return "has a backslash: '/' stands between parts";
        var parts = name.Split('/');
        if (parts.Length - 1 > Limits.VersionFolderDepthMax) return $"lies deeper than {Limits.VersionFolderDepthMax} folders";
        // In any case: a file system that ignores case would take MODEL.SIG for the signature.
        if (NeverSigned.Contains(parts[0], StringComparer.OrdinalIgnoreCase)) return "belongs to what no signature covers";
        return parts.Select(WhyUnsafePart).FirstOrDefault(why => why is not null);
    }

    private static string? WhyUnsafePart(string part)
    {
        if (part.Length == 0) return "has an empty part: it begins or ends with '/', or has two of them";
        if (part is "." or "..") return "has a part '.' or '..'";
        if (part.Any(char.IsControl)) return "has a control character";
        if (!Ascii.IsValid(part)) return "has a letter outside ASCII, which file systems write in more than one form";
        if (part.IndexOfAny(Forbidden.ToCharArray()) >= 0) return "has a character that some file systems do not allow";
        if (part[^1] is ' ' or '.') return "has a part that ends with a space or a dot";
        if (Encoding.UTF8.GetByteCount(part) > PartBytesMax) return $"has a part of more than {PartBytesMax} bytes";
        return Devices.Contains(part.Split('.')[0].TrimEnd(' ')) ? "is a device's name on some systems" : null;
    }

    private static BundleProblem? Collisions(IReadOnlyList<string> names)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.TryAdd(Fold(name), name)) return Collide(name, seen[Fold(name)]);
        }

        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        return names.Select(name => FolderCollision(name, seen, folders)).FirstOrDefault(problem => problem is not null);
    }

    private static BundleProblem? FolderCollision(string name, Dictionary<string, string> files, Dictionary<string, string> folders)
    {
        for (var slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            var folder = name[..slash];
            if (files.TryGetValue(Fold(folder), out var file)) return Collide(name, file);
            if (!folders.TryAdd(Fold(folder), folder) && folders[Fold(folder)] != folder) return Collide(folder, folders[Fold(folder)]);
        }

        return null;
    }

    /// <summary>Equal for names that a file system which ignores case would take for one. They are ASCII by now.</summary>
    private static string Fold(string name) => name.ToLowerInvariant();

    private static BundleProblem Collide(string one, string other) => new(
        BundleRefusal.NamesCollide,
        one == other ? $"the file '{Show(one)}' is listed twice. List it once." : $"'{Show(one)}' and '{Show(other)}' are one file or folder, or a file and its folder, on some file systems. Rename one and sign again.");

    /// <summary>A name for messages and logs: short, and without characters that a terminal acts on.</summary>
    public static string Show(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
