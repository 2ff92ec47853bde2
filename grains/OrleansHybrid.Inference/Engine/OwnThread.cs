namespace OrleansHybrid.Inference.Engine;

/// <summary>Runs long blocking work, such as building a session, on a thread made for it: the thread pool stays free for requests.</summary>
internal static class OwnThread
{
    public static Task<T> Run<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException error)
            {
                done.SetCanceled(error.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }) { IsBackground = true, Name = name }.Start();
        return done.Task;
    }
}
