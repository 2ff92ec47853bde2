using System.Diagnostics;
using System.Globalization;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Ends the process where a test asks for it, as <c>kill -9</c> would: nothing is flushed, no handler runs.</summary>
/// <remarks>
/// Off unless the variable <see cref="Variable"/> names a place, or <c>name:N</c> for the N-th time that it is reached; then the only cost is one comparison with null.
/// <c>@path</c> names a file instead: the place that stands in it when one is reached, so that a process can be let start first. Such a file is read at every place.
/// A host that can be reached from another machine refuses to start with it: <c>if (Failpoint.Asked is not null &amp;&amp; !cell.LoopbackOnly)</c> is an error of its settings.
/// A name that is in no table ends the process at the first place it reaches, with a message: a test that mistypes it must not pass.
/// </remarks>
public static class Failpoint
{
    public const string Variable = "HYBRID_FAILPOINT";

    private const char FromFile = '@';

    private static readonly Target? Wanted = Target.Read(Asked);

    /// <summary>What the variable says; null when it is not set or empty.</summary>
    public static string? Asked => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    /// <param name="name">Of <see cref="FailpointNames.All"/>.</param>
    public static void Hit(string name) => Wanted?.Hit(name);

    private sealed class Target(string name, int at)
    {
        private int hits;

        public static Target? Read(string? text)
        {
            if (text is null) return null;
            if (text[0] == FromFile) return new Target(text[1..], 0);
            var parts = text.Split(':');
            var at = 1;
            var isRead = parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out at) && at > 0);
            if (!isRead || !FailpointNames.All.Contains(parts[0])) Environment.FailFast($"{Variable}: expected a name of FailpointNames.All, with ':' and a number from 1 or without; came '{text}'. Correct it, or unset it.");
            return new Target(parts[0], at);
        }

        public void Hit(string reached)
        {
            if (at == 0 ? !IsInFile(reached) : reached != name || Interlocked.Increment(ref hits) != at) return;
            using var self = Process.GetCurrentProcess();
            self.Kill();
            // The signal can come a moment later; nothing may be written in that moment.
            new ManualResetEventSlim().Wait();
        }

        private bool IsInFile(string reached) => File.Exists(name) && File.ReadAllText(name) == reached;
    }
}
