using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads one version's folder whole, or says everything that keeps it from being served. Never throws for what is in the folder, and leaves nothing sealed behind when it fails.</summary>
internal sealed class VersionReader(ChooseVariant choose, ScanGraph scan, SealedFolders sealedFolders, VersionTrust trust, IProbeReader? probes = null)
{
    public async Task<VersionRead> ReadAsync(ModelVersionKey key, VersionFolderEntry entry, CancellationToken cancellationToken)
    {
        if (entry.WhyNot is { } held) return VersionRead.Failed([held]);
        if (entry.IsLink) return VersionRead.Failed(["expected a folder for the version; came a link. Put the folder itself here."]);
        VersionReading? reading = null;
        VersionRead? read = null;
        try
        {
            var folder = VersionFolder.Read(entry.Path);
            if (folder.Errors.Count > 0) return VersionRead.Failed(entry.IsManaged ? [Refused(folder).ToString()] : folder.Errors);
            var verdict = await trust.CheckAsync(folder, entry.IsManaged, cancellationToken);
            if (verdict.Problem is { } problem) return VersionRead.Failed([problem.ToString()]);
            reading = new VersionReading(key, folder, verdict.Signed, choose, scan, sealedFolders, new ProbesReading(probes));
            return read = await reading.ReadAsync(cancellationToken) with { Signature = verdict.Signature };
        }
        catch (FileChangedException changed)
        {
            return VersionRead.Failed([$"{ManifestText.Quote(changed.Name)}: expected a file that is finished; came one that changed while it was read. Load again when it is written."]);
        }
        catch (FileRefusedException refused)
        {
            return VersionRead.Failed([refused.Problem.ToString()]);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The exception's own text has the full path, which callers must not see.
            var why = failed is UnauthorizedAccessException ? "permission was denied" : "reading or copying failed";
            return VersionRead.Failed([$"expected files that can be read; {why} ({failed.GetType().Name}). Check the folder's owner and mode, and the free space for sealed copies."]);
        }
        finally
        {
            if (read?.Variant is null) SealedFolders.Remove(reading?.SealedFolder);
        }
    }

    /// <summary>A published version's folder was changed by somebody: told with a code, as everything that is refused of one.</summary>
    private static BundleProblem Refused(VersionFolder folder) => new(folder.HasStrayLink ? BundleRefusal.NotAFile : BundleRefusal.TooLarge, string.Join(' ', folder.Errors));
}
