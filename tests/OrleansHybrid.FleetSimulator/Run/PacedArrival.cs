using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Plan;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Files whose size takes its time on the link, without their bytes: for a fleet that one machine could not fetch for. The node's report says so (<c>Software</c>).</summary>
/// <remarks>What came stays over a cut and over a death; each file comes once.</remarks>
internal sealed class PacedArrival(NodePlan plan, NodeDisk disk, FleetTime time) : IFileArrival
{
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(250);

    public async Task<Arrival> ArriveAsync(DesiredVersion wanted, CancellationToken cancellationToken)
    {
        BlobReference[] files = [wanted.Source.Signature, .. wanted.Files.Select(f => f.Blob)];
        var death = plan.Faults.DiesAtPart is { } part && !disk.DiedInTransfer ? (long)(part * files.Sum(f => f.Bytes)) : long.MaxValue;
        foreach (var file in files.DistinctBy(f => f.Digest).Where(f => !disk.Files.Contains(f.Digest)))
        {
            if (await ComeAsync(file, files, death, cancellationToken) is { } broken) return new Arrival(broken, null);
            disk.Files.Add(file.Digest);
            disk.Parts.Remove(file.Digest);
        }

        return default;
    }

    private async Task<string?> ComeAsync(BlobReference file, BlobReference[] all, long death, CancellationToken cancellationToken)
    {
        for (var here = disk.Parts.GetValueOrDefault(file.Digest); here < file.Bytes;)
        {
            if (plan.Link.IsCutAt(time.Elapsed)) return "The link is cut.";
            var step = plan.Link.BytesPerSecond == 0 ? file.Bytes - here : Math.Min(file.Bytes - here, (long)(plan.Link.BytesPerSecond * StepTime.TotalSeconds) + 1);
            if (plan.Link.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)step / plan.Link.BytesPerSecond), time.Clock, cancellationToken);
            disk.Parts[file.Digest] = here += step;
            if (all.Sum(HereOf) < death) continue;
            disk.DiedInTransfer = true;
            throw new NodeDiedException();
        }

        return null;
    }

    private long HereOf(BlobReference file) => disk.Files.Contains(file.Digest) ? file.Bytes : disk.Parts.GetValueOrDefault(file.Digest);
}
