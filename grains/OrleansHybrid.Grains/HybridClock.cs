namespace OrleansHybrid.Grains;

/// <summary>The product's clock, apart from the silo's: a clock that a test moves would hang the runtime's own timers and placement.</summary>
/// <remarks>Registered as a keyed <see cref="TimeProvider"/>; register another under <see cref="Key"/> before <c>AddHybridGrains</c> to replace it.</remarks>
public static class HybridClock
{
    public const string Key = "hybrid-clock";
}
