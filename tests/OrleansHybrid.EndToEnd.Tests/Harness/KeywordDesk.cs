using System.Text;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A publisher's desk: a key, and the sample model <c>keyword</c> under any version number, with graphs of its own in each.</summary>
internal sealed class KeywordDesk(string folder)
{
    public const string Passphrase = "correct horse battery";

    /// <summary>The variant that the cloud alone runs.</summary>
    public const string CloudFile = "large.onnx";

    /// <summary>The field of an ONNX model that holds a text for people, as protobuf writes it.</summary>
    private const byte DocString = (6 << 3) | 2;

    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    /// <summary>The version's folder, not signed yet. Each graph says the same as the sample's and has other bytes, so that nothing of another version will do.</summary>
    public string Prepare(int version)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, Clips.Model, FormattableString.Invariant($"{version}"))).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1"))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        var manifest = Path.Combine(target, "model.yaml");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("version: 1\n", FormattableString.Invariant($"version: {version}\n"), StringComparison.Ordinal));
        var note = Encoding.ASCII.GetBytes(FormattableString.Invariant($"version {version}"));
        foreach (var graph in Directory.EnumerateFiles(target, "*.onnx")) File.AppendAllBytes(graph, [DocString, (byte)note.Length, .. note]);
        return target;
    }
}
