using OrleansHybrid.Links.Bundles.Signing;
using Spectre.Console;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>A bar on the terminal while large folders are read; nothing for small ones, and when there is no terminal.</summary>
internal static class HashingBar
{
    /// <summary>Below it the answer is there before a bar can be read.</summary>
    private const long BytesMin = 64 << 20;

    public static async Task<T> RunAsync<T>(string what, Func<IProgress<BundleProgress>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(null);
        return await ErrorConsole.Instance.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(context, what)));
    }

    /// <summary>On the reading thread: the framework's own would queue reports, and show an end that is not yet.</summary>
    private sealed class Bar(ProgressContext context, string what) : IProgress<BundleProgress>
    {
        private ProgressTask? task;

        public void Report(BundleProgress value)
        {
            if (value.Total < BytesMin) return;
            task ??= context.AddTask(what, maxValue: value.Total);
            task.Value = value.Done;
        }
    }
}
