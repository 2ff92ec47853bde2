using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Asks a host that nobody else knows yet what its version's probes ask, on the way that every request takes.</summary>
internal static class ProbeRun
{
    /// <summary>Null when every answer was as expected.</summary>
    public static async Task<string?> AllAsync(VariantHost host, IReadOnlyList<VariantProbe> probes, CancellationToken cancellationToken)
    {
        foreach (var probe in probes)
        {
            var wrong = await OneAsync(host, probe, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (wrong is not null) return $"The probe '{probe.Name}' failed: {wrong.TrimEnd('.')}. What served before goes on; have the version made anew, or the probe corrected.";
        }

        return null;
    }

    private static async Task<string?> OneAsync(VariantHost host, VariantProbe probe, CancellationToken cancellationToken)
    {
        if (probe.Reader.Read(probe.File, out var error) is not { } request) return error;
        try
        {
            var run = host.TryRun(new EngineRequest(host.Loaded.Key, request.Inputs, [], Limits.VersionProbeTimeMax), cancellationToken);
            if (run is null) return Failures.Stopping.Message;
            var outcome = await run.Value.ConfigureAwait(false);
            var wrong = outcome.Failure?.Message ?? ProbeRules.Judge(probe.Manifest, request.Expect, outcome.Outputs);
            Release(outcome.Outputs);
            return wrong;
        }
        finally
        {
            Release(request.Inputs);
        }
    }

    private static void Release(IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors) tensor.Data.Release();
    }
}
