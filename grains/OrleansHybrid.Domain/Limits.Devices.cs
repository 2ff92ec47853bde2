namespace OrleansHybrid.Domain;

/// <content>Bounds of the device SDK and of services beside a cell.</content>
public static partial class Limits
{
    /// <summary>How often a device asks its cell for the policy, and the shortest pause that it may be told. A policy reaches a device within one; a cell of 10,000 devices is asked 170 times a second.</summary>
    public static readonly TimeSpan DevicePolicyInterval = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan DevicePolicyIntervalMin = TimeSpan.FromSeconds(1);

    /// <summary>Part of an interval by which devices that started together drift apart, up and down.</summary>
    public const double PollJitter = 0.2;

    /// <summary>One call of the fleet protocol takes at most this. Longer: it failed, and is made again at the next interval.</summary>
    public static readonly TimeSpan FleetCallMax = TimeSpan.FromSeconds(10);

    /// <summary>Requests that a device keeps until its link is back, the bytes of them all, and their age. Above: the new one is refused; older ones are dropped with a notice. Owner: the device's user.</summary>
    public const int DeferredRequestsMax = 1000;
    public const long DeferredBytesMax = 64L << 20;
    public static readonly TimeSpan DeferredAgeMax = TimeSpan.FromDays(7);

    /// <summary>How often a device looks whether deferred requests can go.</summary>
    public static readonly TimeSpan DeferredInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a service beside a cell tries to reach it at its start. Longer: it fails, saying what to check, and whoever runs it starts it again.</summary>
    public static readonly TimeSpan ClusterConnectMax = TimeSpan.FromSeconds(30);

    /// <summary>One WAV file, in bytes: an hour of stereo at 48 kHz. Larger: refused; no model here takes so much at once.</summary>
    public const int WavBytesMax = 1 << 30;

    /// <summary>Samples a second that audio may have, from and to. Outside: refused, as no microphone gives them.</summary>
    public const int SampleRateMin = 1000;
    public const int SampleRateMax = 384_000;

    /// <summary>On a device a run that takes at most this is done on its caller's thread, when that has no user interface to keep alive. Longer ones go to the engine's threads: a pool thread that is held so long delays others.</summary>
    public static readonly TimeSpan CallerRunMax = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs by which a device times a variant. Fewer say nothing on a busy machine; each delays the start.</summary>
    public const int VariantTimingRuns = 9;
}
