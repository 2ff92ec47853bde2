using System.Globalization;
using System.Security.Cryptography;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.FleetSimulator.Desk;

/// <summary>A copy of a version's folder under another number, signed.</summary>
/// <param name="Files">Signed ones, by name.</param>
public sealed record SignedVersion(string Folder, string Model, int Version, IReadOnlyList<string> Files, byte[] Signature)
{
    private const string Manifest = "model.yaml";

    /// <param name="source">A version's folder: <c>models/keyword/1</c>.</param>
    /// <param name="desk">Where the copy goes.</param>
    public static async Task<SignedVersion> MakeAsync(string source, string model, int version, string desk, ECDsa publisher, CancellationToken cancellationToken)
    {
        var number = version.ToString(CultureInfo.InvariantCulture);
        var folder = Directory.CreateDirectory(Path.Combine(desk, model, number)).FullName;
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, Manifest), cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(folder, Manifest), lines.Select(l => l.StartsWith("version:", StringComparison.Ordinal) ? "version: " + number : l), cancellationToken);
        var signed = await BundleSigner.SignAsync(folder, publisher, [], null, cancellationToken);
        if (signed.Problem is { } problem) throw new InvalidOperationException(problem.ToString());
        BundleSigner.Write(folder, signed.Signature!);
        return new SignedVersion(folder, model, version, [.. signed.Statement!.Files.Select(f => f.Name)], signed.Signature!);
    }
}
