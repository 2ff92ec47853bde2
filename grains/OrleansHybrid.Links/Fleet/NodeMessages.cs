using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using Wire = OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.Links.Fleet;

/// <summary>Nodes' messages of the fleet protocol, both ways.</summary>
public static class NodeMessages
{
    public static Wire.EnrolRequest Of(Enrolment enrolment) => new()
    {
        Token = enrolment.Token, Name = enrolment.Name, Boot = enrolment.Boot, Attributes = Of(enrolment.Attributes, enrolment.MemoryBytes, enrolment.Cores),
    };

    public static EnrolAnswer Read(Wire.EnrolResponse answer) => new(
        answer.Credential, answer.Name, answer.Cell, answer.Zone, answer.Farm, answer.Publishers.DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Pem), null);

    public static Wire.CheckInRequest Of(CheckInMessage message)
    {
        var request = new Wire.CheckInRequest
        {
            Boot = message.Instance.Boot, PreviousBoot = message.Instance.PreviousText, Epoch = message.Epoch, Sequence = message.Sequence, DocumentsRevision = message.DocumentsRevision,
        };
        if (message.Node is { } node) request.Node = Of(node);
        else if (message.Region is { } region) request.Region = RegionMessages.Of(region);
        else request.UnchangedSince = message.UnchangedSince;
        return request;
    }

    public static CheckInAnswer Read(Wire.CheckInResponse answer) => new(
        answer.Verdict switch
        {
            Wire.CheckInResponse.Types.Verdict.Accepted => CheckInVerdict.Accepted,
            Wire.CheckInResponse.Types.Verdict.OutOfOrder => CheckInVerdict.OutOfOrder,
            _ => CheckInVerdict.ReportWanted,
        },
        answer.Epoch, answer.Sequence, answer.DocumentsRevision, TimeSpan.FromMilliseconds(Math.Clamp(answer.NextMs, 0, (long)Limits.CheckInIntervalMax.TotalMilliseconds)), null);

    /// <param name="key">By the credential: a report does not name its node.</param>
    public static NodeReport Read(Wire.NodeReport report, NodeKey key, long epoch, long sequence, long documentsRevision)
    {
        var attributes = report.Attributes ?? new Wire.Attributes();
        return new NodeReport(key, NodeKind.Device, Zone.Device, epoch, sequence, report.InferenceAddress, [.. report.Variants.Select(Read)], attributes.MemoryBytes, attributes.Cores)
        {
            Attributes = Read(attributes),
            Versions = [.. report.Versions.Select(Read)],
            DocumentsRevision = documentsRevision,
            Problems = [.. report.Problems],
            RefusedDocuments = [.. report.RefusedDocuments.Select(d => new RefusedDocument(d.Document, d.Digest, Math.Max(0, d.HoldingRevision), d.Reason))],
            Energy = report.Energy is { } e ? new NodeEnergy(e.Answers, Optional(e.HasBatteryPercentPer1000, e.BatteryPercentPer1000), Optional(e.HasJoulesPer1000, e.JoulesPer1000), Optional(e.HasTemperatureC, e.TemperatureC)) : null,
        };
    }

    public static NodeAttributes Read(Wire.Attributes a) => new(
        new Dictionary<string, string>(a.Labels), a.ModelMemoryBytes, a.Accelerator.Length == 0 ? null : a.Accelerator, [.. a.ExecutionProviders], a.RuntimeVersion, a.Software, a.Platform,
        a.HasBatteryPercent ? Step(a.BatteryPercent) : null, a.HasTemperatureC ? Step(a.TemperatureC) : null, a.HasThrottled ? a.Throttled : null, a.MeteredLink);

    private static Wire.NodeReport Of(NodeReport report)
    {
        var message = new Wire.NodeReport { Attributes = Of(report.Attributes ?? NodeAttributes.Unknown, report.MemoryBytes, report.Cores), InferenceAddress = report.InferenceAddress };
        message.Versions.AddRange(report.Versions.Select(Of));
        message.Variants.AddRange(report.Variants.Select(Of));
        message.Problems.AddRange(report.Problems);
        message.RefusedDocuments.AddRange(report.RefusedDocuments.Select(d => new Wire.RefusedDocument { Document = d.Document, Digest = d.Digest, HoldingRevision = d.HoldingRevision, Reason = d.Reason }));
        if (report.Energy is { } energy) message.Energy = Of(energy);
        return message;
    }

    private static Wire.Attributes Of(NodeAttributes a, long memoryBytes, int cores)
    {
        var message = new Wire.Attributes
        {
            MemoryBytes = memoryBytes, ModelMemoryBytes = a.ModelMemoryBytes, Cores = cores, Accelerator = a.Accelerator ?? "", RuntimeVersion = a.RuntimeVersion, Software = a.Software, Platform = a.Platform, MeteredLink = a.MeteredLink,
        };
        foreach (var (name, value) in a.Labels) message.Labels[name] = value;
        message.ExecutionProviders.AddRange(a.ExecutionProviders);
        if (a.BatteryPercent is { } battery) message.BatteryPercent = Step(battery);
        if (a.TemperatureC is { } temperature) message.TemperatureC = Step(temperature);
        if (a.Throttled is { } throttled) message.Throttled = throttled;
        return message;
    }

    private static Wire.Energy Of(NodeEnergy energy)
    {
        var message = new Wire.Energy { Answers = energy.Answers };
        if (energy.BatteryPercentPer1000 is { } battery) message.BatteryPercentPer1000 = battery;
        if (energy.JoulesPer1000 is { } joules) message.JoulesPer1000 = joules;
        if (energy.TemperatureC is { } temperature) message.TemperatureC = temperature;
        return message;
    }

    private static Wire.VersionReport Of(NodeVersion v) => new()
    {
        Model = v.Model, Version = v.Version, Variant = v.Variant, Bundle = v.Bundle, Stage = (Wire.VersionReport.Types.Stage)v.Stage, SinceSeconds = v.SinceSeconds, Reason = v.Reason,
    };

    private static NodeVersion Read(Wire.VersionReport v) => new(v.Model, v.Version, v.Variant, v.Bundle, Enum.IsDefined((NodeVersionStage)v.Stage) ? (NodeVersionStage)v.Stage : NodeVersionStage.Desired, Math.Max(0, v.SinceSeconds), v.Reason);

    private static Wire.VariantReport Of(NodeVariant v) => new()
    {
        Model = v.Key.Model, Version = v.Key.Version, Variant = v.Key.Variant, Digest = v.Digest, QueueMsP95 = v.QueueMsP95, RunMsP95 = v.RunMsP95, Waiting = v.Waiting,
    };

    private static NodeVariant Read(Wire.VariantReport v) => new(new VariantKey(v.Model, v.Version, v.Variant), v.Digest, v.QueueMsP95, v.RunMsP95, v.Waiting);

    private static int Step(int reading) => reading / Limits.NodeReadingStep * Limits.NodeReadingStep;

    private static double? Optional(bool there, double value) => there && double.IsFinite(value) ? value : null;
}
