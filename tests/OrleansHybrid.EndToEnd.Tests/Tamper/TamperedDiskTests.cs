using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>What was changed on disk while a cell was down is refused when it is read, written down, and put right from what is still as it was signed.</summary>
public sealed class TamperedDiskTests
{
    [Fact]
    public async Task Tampered_folders_are_refused_for_their_reasons_written_down_and_the_version_serves_again()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        using var publisher = new PushedVersion("publisher");
        publisher.TrustIn(Path.Combine(folder.Path, "state", "publishers"));
        string[] more = ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName];
        var cell = TestCell.Create("central");
        var kinds = TamperTable.Of(TamperPlace.Disk);
        await using (var before = await RunningCell.StartAsync(cell, folder, more))
        {
            var calls = new PushCalls(http, cell, before.OperatorKey);
            await calls.EndorseAsync(publisher);
            foreach (var kind in kinds) await PushAsync(calls, kind.Name, publisher);
            await ServingAsync(http, cell, kinds);
        }

        foreach (var kind in kinds) Spoil(kind.Name, cell.DataFolder(folder.Path));

        await using var after = await RunningCell.StartAsync(cell, folder, more);
        var again = new PushCalls(http, cell, after.OperatorKey);
        foreach (var kind in kinds)
        {
            var query = kind.Name == "disk-document-altered" ? "audit?what=document.refused" : $"audit?what=version.refused&subject={kind.Name}@1";
            await Wait.Until(async () => (await again.SendAsync(HttpMethod.Get, query, null)).Body!["entries"]!.AsArray().Any(e => kind.Tells((string)e!["why"]!)), kind.Name, TimeSpan.FromSeconds(30));
        }

        await ServingAsync(http, cell, kinds);
    }

    private static async Task PushAsync(PushCalls calls, string model, PushedVersion publisher)
    {
        using var version = new PushedVersion(model, 1, publisher: publisher);
        version.Write("notes.txt", model);
        await version.SignAsync();
        Assert.Equal(200, (await calls.PushAsync(version)).Status);
    }

    private static async Task ServingAsync(HttpClient http, TestCell cell, IEnumerable<TamperKind> kinds)
    {
        foreach (var kind in kinds) await Wait.Until(() => Served.AnswersAsync(http, cell, kind.Name, 1), $"{kind.Name}@1 to serve", TimeSpan.FromSeconds(30));
    }

    /// <summary>Files are replaced and not written into: the same file lies among those by digest, under a second name.</summary>
    private static void Spoil(string kind, string data)
    {
        var version = Path.Combine(data, "bundles", "repository", kind, "1");
        switch (kind)
        {
            case "disk-byte-altered": Replace(Path.Combine(version, "large.onnx"), PushedVersion.Graph(9)); break;
            case "disk-file-more": File.WriteAllText(Path.Combine(version, "extra.txt"), "more"); break;
            case "disk-link-inside":
                File.Delete(Path.Combine(version, "notes.txt"));
                File.CreateSymbolicLink(Path.Combine(version, "notes.txt"), Path.Combine(version, "model.yaml"));
                break;
            case "disk-link-out":
                File.Move(Path.Combine(version, "notes.txt"), Path.Combine(data, "elsewhere.txt"));
                File.CreateSymbolicLink(Path.Combine(version, "notes.txt"), Path.Combine(data, "elsewhere.txt"));
                break;
            case "disk-signature-gone": File.Delete(Path.Combine(version, "model.sig")); break;
            case "disk-manifest-gone": File.Delete(Path.Combine(version, "model.yaml")); break;
            case "disk-document-altered": Replace(Directory.EnumerateFiles(Path.Combine(data, "documents"), "document-*").First(), "nonsense"u8.ToArray()); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind");
        }
    }

    private static void Replace(string path, byte[] content)
    {
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }
}
