using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A repository over a throw-away folder, with an engine that holds bytes. The file <c>model.onnx</c> of a test is text: "external w.bin" keeps its weights in that file, "refused" may not run.</summary>
internal sealed class RepositoryFixture : IDisposable
{
    public RepositoryFixture(Zone zone = Zone.Edge, ScanGraph? scan = null)
    {
        Repository = new ModelRepository(new RepositorySettings([Folder.Root, Folder.OtherRoot], zone, Folder.Data) { Notice = Notices.Add }, Engine, scan ?? Scan);
    }

    public RepositoryFolder Folder { get; } = new();

    public RepositoryEngine Engine { get; } = new();

    public List<string> Notices { get; } = [];

    public ModelRepository Repository { get; }

    public void WriteKeyword(int version, string tiny = "tiny", string change = "version: 3", string? to = null)
    {
        ManifestSample.WriteVersion(Folder, ManifestSample.Good.Replace("version: 3", $"version: {version}").Replace(change, to ?? change), version);
        Folder.Write($"keyword/{version}/tiny-int8.onnx", tiny);
    }

    public void WritePlain(string model, int version, string onnx = "plain") => Folder.Write($"{model}/{version}/model.onnx", onnx);

    public async Task<InferenceFailure?> LoadAsync(string model, int? version = null) => (await Repository.LoadAsync(model, version, CancellationToken.None)).Failure;

    public async Task<InferenceFailure?> UnloadAsync(string model, int? version = null) => (await Repository.UnloadAsync(model, version, CancellationToken.None)).Failure;

    public VersionEntry Entry(string model, int version) => Repository.State.Models[model].Find(version)!;

    /// <summary>The versions that are served, and that the engine agrees.</summary>
    public int[] Served(string model)
    {
        var ready = Repository.State.Models[model].Versions.Where(v => v.State == VersionState.Ready).ToList();
        AssertConsistent();
        return [.. ready.Select(v => v.Version)];
    }

    public int SealedCount => Directory.Exists(Path.Combine(Folder.Data, "sealed")) ? Directory.GetDirectories(Path.Combine(Folder.Data, "sealed")).Length : 0;

    /// <summary>State and engine say the same, nothing is half done, and no sealed copy is left over.</summary>
    public void AssertConsistent()
    {
        var versions = Repository.State.Models.Values.SelectMany(m => m.Versions).ToList();
        Assert.All(versions, v => Assert.True(v.State is VersionState.Ready or VersionState.Unavailable, $"{v.Version} is {v.State}"));
        Assert.All(versions, v => Assert.Equal(v.State == VersionState.Ready, v.Reason.Length == 0));
        Assert.All(versions.Where(v => v.State == VersionState.Unavailable), v => Assert.Empty(v.Held));
        Assert.All(versions.Where(v => v.Classifier is not null), v => Assert.Equal(v.Manifest!.Classifier!.Digest, v.Classifier!.Digest));
        var stated = versions.SelectMany(v => v.Held).ToDictionary(v => v.Key, v => v.Digest);
        Assert.Equal(stated.OrderBy(v => v.Key.ToString()), Engine.State.Variants.ToDictionary(v => v.Key, v => v.Value.Loaded.Digest).OrderBy(v => v.Key.ToString()));
        Assert.All(versions.SelectMany(v => v.Loaded.Select(l => (l, v))), p => Assert.Contains(p.v.Manifest!.Variants, m => m.Name == p.l.Key.Variant && m.Digest == p.l.Digest));
    }

    public void Dispose() => Folder.Dispose();

    private static GraphScan Scan(ReadOnlyMemory<byte> onnx)
    {
        var text = System.Text.Encoding.UTF8.GetString(onnx.Span);
        if (text.StartsWith("refused", StringComparison.Ordinal)) return GraphScan.Refused(["an integer division may end the process"]);
        return ManifestSample.Scan(onnx) with { ExternalFiles = text.StartsWith("external", StringComparison.Ordinal) ? [.. text.Split(' ').Skip(1)] : [] };
    }
}
