using System.Globalization;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

/// <summary>An answer with where it came from and why, or a failure. Dispose it: its outputs are pooled memory.</summary>
/// <remarks>An expected failure is a value: look at <see cref="IsSuccess"/>, or call <see cref="OrThrow"/>. What an answer does not have is null or empty.</remarks>
public sealed class HybridAnswer : IDisposable
{
    private readonly InferenceResponse? response;
    private readonly ModelManifest? manifest;
    private readonly int topLabels;
    private IReadOnlyList<LabelProbability>? labels;
    private IReadOnlyList<string>? explanation;
    private int disposed;

    internal HybridAnswer(InferenceResult result, ModelManifest? manifest, int topLabels, DeferralReceipt? deferred = null)
    {
        (response, Failure, this.manifest, this.topLabels, Deferred) = (result.Response, result.Failure, manifest, topLabels, deferred);
    }

    public bool IsSuccess => response is not null;

    /// <summary>What went wrong, by whose fault, and what to do; null on success.</summary>
    public InferenceFailure? Failure { get; }

    /// <summary>Set when the request was kept to be sent later: see <see cref="InferOptions.Defer"/>.</summary>
    public DeferralReceipt? Deferred { get; }

    /// <summary>The first row's class name; null when the version states no labels.</summary>
    public string? Label => response?.Label;

    /// <summary>The lowest of the rows, in [0, 1]; null when the version states no rule.</summary>
    public double? Confidence => response?.Confidence;

    /// <summary>The first row's likeliest labels: see <see cref="InferOptions.TopLabels"/>.</summary>
    public IReadOnlyList<LabelProbability> Labels => labels ??= LabelsOf(0, topLabels);

    /// <summary>The zone that answered.</summary>
    public Zone? Zone => response?.Provenance.Zone;

    /// <summary>The cell that answered; the device's own name where the device did.</summary>
    public string? Cell => response?.Provenance.Cell;

    public string? Variant => response?.Provenance.Variant;

    /// <summary>Zone, cell, node, model, version, variant, digest and policy revision behind the answer.</summary>
    public Provenance? Provenance => response?.Provenance;

    /// <summary>A lower zone was unsure and this answer is from above.</summary>
    public bool Escalated => response?.Escalated ?? false;

    /// <summary>The zone the plan wanted could not answer; this is the fallback.</summary>
    public bool Degraded => response?.Degraded ?? false;

    /// <summary>Compact: a verdict and rule per zone, for example <c>device=chosen:floor;cloud=escalation:floor</c>.</summary>
    public string Reason => response?.Reason ?? "";

    /// <summary>The plan as JSON (<c>plan_version</c> 1) when the call asked to explain, else null.</summary>
    public string? Plan => response?.Plan;

    /// <summary>The plan in sentences when the call asked to explain, else empty.</summary>
    public IReadOnlyList<string> Explanation => explanation ??= PlanSentences.Read(Plan);

    /// <summary>Where the time went.</summary>
    public RequestTimes Times => response?.Times ?? default;

    /// <summary>The outputs in the model's order.</summary>
    public IReadOnlyList<OutputTensor> Outputs => response is null ? [] : [.. response.Outputs.Select(o => new OutputTensor(o))];

    /// <exception cref="KeyNotFoundException">There is no such output; the message names those there are.</exception>
    public OutputTensor Output(string name)
    {
        foreach (var output in response?.Outputs ?? [])
        {
            if (output.Name == name) return new OutputTensor(output);
        }

        throw new KeyNotFoundException($"The answer has no output '{name}'. It has: {string.Join(", ", response?.Outputs.Select(o => $"'{o.Name}'") ?? [])}.");
    }

    /// <summary>The likeliest labels of one row of a request with several.</summary>
    public IReadOnlyList<LabelProbability> LabelsOf(int row, int count)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        return response is null ? [] : TopLabels.Of(manifest, response.Outputs, row, count);
    }

    /// <summary>This answer when it is one.</summary>
    /// <exception cref="HybridException">It is a failure.</exception>
    public HybridAnswer OrThrow() => Failure is { } failure ? throw new HybridException(failure) : this;

    /// <summary>Gives the outputs' memory back; what was read off them (labels, explanation) stays.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        foreach (var output in response?.Outputs ?? []) output.Data.Release();
    }

    /// <summary>One line, for a log or a terminal.</summary>
    public override string ToString()
    {
        if (response is null) return $"no answer: {Failure!.Message} ({Failure.Code})";
        var from = response.Provenance;
        var said = Label is null ? "answered" : string.Create(CultureInfo.InvariantCulture, $"{Label} ({Confidence:0.000})");
        var how = (Escalated, Degraded) switch { (true, true) => ", escalated, degraded", (true, _) => ", escalated", (_, true) => ", degraded", _ => "" };
        return $"{said} from {from.Zone.WireName()} {from.Cell}, {from.Variant}{how}";
    }
}
