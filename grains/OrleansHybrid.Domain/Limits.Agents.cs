namespace OrleansHybrid.Domain;

/// <content>Bounds of a node agent.</content>
public static partial class Limits
{
    /// <summary>How often an agent reads its meters. Between two readings a figure stands, so that it does not make every report a new one. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan NodeEnergyInterval = TimeSpan.FromSeconds(30);

    /// <summary>Answers behind a figure of energy. Fewer: it is not told yet, since one step of a battery's gauge would be all of it. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeEnergyAnswersMin = 100;

    /// <summary>How long an agent that is told to stop lets requests in flight finish. Longer: they are cut. Owner: whoever runs the box.</summary>
    public static readonly TimeSpan NodeStopMax = TimeSpan.FromSeconds(10);
}
