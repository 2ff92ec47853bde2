using System.Globalization;

namespace OrleansHybrid.Links.Records;

/// <summary>One file of records: a line of JSON each, <c>{"n":17,"at":"…","r":{…}}</c>.</summary>
/// <param name="Number">Of its first record, as in its name.</param>
internal sealed record RecordSegment(string Path, long Number)
{
    private const string Suffix = ".jsonl";

    public long Bytes { get; set; }

    /// <summary>When its first and its last record were made; null while nothing is known.</summary>
    public DateTimeOffset? Oldest { get; set; }

    public DateTimeOffset? Newest { get; set; }

    public static RecordSegment New(string folder, string name, long number) =>
        new(System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{number:D19}{Suffix}")), number);

    /// <summary>The segments of a folder, oldest first. Files of other names are not ours.</summary>
    public static List<RecordSegment> List(string folder, string name) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles($"{name}-*{Suffix}")
            .Select(file => Parse(file, name)).OfType<RecordSegment>().OrderBy(segment => segment.Number),
    ];

    private static RecordSegment? Parse(FileInfo file, string name)
    {
        var digits = file.Name[(name.Length + 1)..^Suffix.Length];
        return digits.Length == 19 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new RecordSegment(file.FullName, number) { Bytes = file.Length }
            : null;
    }
}
