using System.Net.Sockets;
using Garnet;
using Garnet.server;
using OrleansHybrid.Silo.Start;
using Tsavorite.core;

namespace OrleansHybrid.Silo.Store;

/// <summary>The store inside the process: Garnet on a unix socket, without a TCP port. What it acknowledged is on disk, so it survives kill -9.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer server;
    private readonly ILoggerFactory loggers;

    private EmbeddedStore(GarnetServer server, ILoggerFactory loggers)
    {
        this.server = server;
        this.loggers = loggers;
    }

    /// <summary>Blocks while the log is read back: call it on a thread of its own.</summary>
    public static EmbeddedStore Start(string folder, string socket)
    {
        Directory.CreateDirectory(folder);
        File.Delete(socket);
        var loggers = LoggerFactory.Create(static _ => { });
        try
        {
            var server = new GarnetServer(Options(folder, socket), loggers);
            server.Start();
            return new EmbeddedStore(server, loggers);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            loggers.Dispose();
            throw new StartFailure($"The embedded store in {folder} does not open: {FirstLine(broken.Message)}. Move the folder away to start empty, or put a copy of it back.");
        }
    }

    public void Dispose()
    {
        server.Dispose();
        loggers.Dispose();
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('.', '\r');

    /// <remarks>
    /// The tier on disk matters: without it the oldest keys are dropped in silence once memory is full. Without the log's size limit it only grows.
    /// The sizes keep three cells near 150 MB.
    /// </remarks>
    private static GarnetServerOptions Options(string folder, string socket) => new()
    {
        EndPoints = [new UnixDomainSocketEndPoint(socket)],
        UnixSocketPath = socket,
        UnixSocketPermission = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        EnableLua = true,
        LuaOptions = new LuaOptions(LuaMemoryManagementMode.Native, "", Timeout.InfiniteTimeSpan, LuaLoggingMode.Enable, [], null),
        EnableAOF = true,
        WaitForCommit = true,
        CommitFrequencyMs = 0,
        Recover = true,
        FailOnRecoveryError = true,
        DeviceType = DeviceType.RandomAccess,
        CheckpointDir = folder,
        EnableStorageTier = true,
        LogDir = folder,
        SegmentSize = "64m",
        AofSizeLimit = "32m",
        AofSegmentSize = "64m",
        LogMemorySize = "64m",
        PageSize = "1m",
        IndexMemorySize = "1m",
        AofMemorySize = "8m",
        AofPageSize = "2m",
        MaxDatabases = 1,
        QuietMode = true,
    };
}
