using System.Security.Cryptography;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Tests.Models;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A publisher's desk with a version that can be served: a small variant for device and edge, a large one for the cloud.</summary>
internal sealed class PushedVersion : IDisposable
{
    private readonly TempFolder desk = new();
    private readonly Lazy<byte[]> key;

    /// <param name="publisher">Its key signs this one too; null: a key of its own.</param>
    public PushedVersion(string model = "small", int version = 1, byte[]? large = null, PushedVersion? publisher = null)
    {
        (Model, Version) = (model, version);
        Directory.CreateDirectory(Folder);
        Write("model.yaml", Manifest(model, version));
        Write("tiny.onnx", Graph(1));
        Write("large.onnx", large ?? Graph(2));
        Write("notes.txt", new byte[300_000]);
        if (publisher is null) PublisherKeyFile.Make(KeyPath, PublisherCurve.P256, Publisher.Passphrase, out _);
        else File.Copy(publisher.KeyPath, KeyPath);
        // A passphrase takes its time on purpose: once for each key is enough.
        key = publisher?.key ?? new Lazy<byte[]>(Unlock);
    }

    public string Model { get; }

    public int Version { get; }

    /// <summary>Of the desk: where the key and the model's folder are.</summary>
    public string Desk => desk.Path;

    public string Folder => Path.Combine(desk.Path, Model, $"{Version}");

    public string KeyPath => desk.Sub("publisher.key");

    public string[] Files => [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Where(f => f != "model.sig").Order(StringComparer.Ordinal)];

    public byte[] Signature => File.ReadAllBytes(Path.Combine(Folder, "model.sig"));

    public static string Manifest(string model, int version) => $$"""
        model: {{model}}
        version: {{version}}
        licence: Apache-2.0
        inputs:  [{ name: x, datatype: FP32, shape: [-1, 2] }]
        outputs: [{ name: y, datatype: FP32, shape: [-1, 2] }]
        variants:
          - { name: tiny, file: tiny.onnx, zones: [device, edge], memory_mib: 1, latency_ms: 1 }
          - { name: large, file: large.onnx, zones: [cloud], memory_mib: 2, latency_ms: 2 }

        """;

    /// <summary>Adds a number.</summary>
    public static byte[] Graph(float number) => GraphModel.New().Input("x", GraphModel.Float, "n", 2).Initializer("c", GraphModel.Float, [1], number).Node("Add", "x c", "y").Output("y", GraphModel.Float, "n", 2).Build();

    /// <summary>Adds it in two steps.</summary>
    public static byte[] TwiceGraph(float number) => GraphModel.New().Input("x", GraphModel.Float, "n", 2).Initializer("c", GraphModel.Float, [1], number - 1).Initializer("d", GraphModel.Float, [1], 1f)
        .Node("Add", "x c", "z").Node("Add", "z d", "y").Output("y", GraphModel.Float, "n", 2).Build();

    /// <summary>Divides integers by what comes in: ONNX Runtime ends the process for some of it.</summary>
    public static byte[] Hazard() => GraphModel.New().Input("x", GraphModel.Float, "n", 2)
        .Node("Cast", "x", "i", ("to", (long)GraphModel.Int32)).Node("Div", "i i", "d").Node("Cast", "d", "y", ("to", (long)GraphModel.Float)).Output("y", GraphModel.Float, "n", 2).Build();

    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        File.WriteAllBytes(Path.Combine(Folder, name), bytes);
    }

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public async Task SignAsync()
    {
        using var opened = OpenKey();
        BundleSigner.Write(Folder, (await BundleSigner.SignAsync(Folder, opened, [], null, CancellationToken.None)).Signature!);
    }

    public ECDsa OpenKey()
    {
        var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(key.Value, out _);
        return opened;
    }

    /// <summary>Puts the public key where a cell looks.</summary>
    public void TrustIn(string publishers) => File.Copy(KeyPath + ".pub", Path.Combine(Directory.CreateDirectory(publishers).FullName, Guid.NewGuid().ToString("N") + ".pub"));

    public void Dispose() => desk.Dispose();

    private byte[] Unlock()
    {
        using var opened = PublisherKeyFile.Read(KeyPath, out _)!.Open(Publisher.Passphrase, allowPlain: false, out _)!;
        return opened.ExportPkcs8PrivateKey();
    }
}
