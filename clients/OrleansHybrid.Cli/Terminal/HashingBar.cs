using OrleansHybrid.Links.Bundles.Signing;
using Spectre.Console;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>A bar on the terminal while large folders are read; nothing when there is no terminal.</summary>
internal static class HashingBar
{
    public static async Task<T> RunAsync<T>(string what, Func<IProgress<BundleProgress>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(null);
        return await ErrorConsole.Instance.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(what, autoStart: true);
                return work(new Bar(task));
            });
    }

    /// <summary>On the reading thread: the framework's own would queue reports, and show an end that is not yet.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<BundleProgress>
    {
        public void Report(BundleProgress value)
        {
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }
}
