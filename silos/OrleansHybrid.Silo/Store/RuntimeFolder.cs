using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Silo.Store;

/// <summary>A short private folder for the store's socket: a socket's path is limited to about 100 bytes, while a data folder may lie deep.</summary>
/// <remarks>Its name comes from the data folder, so that a service beside the cell finds the socket too.</remarks>
internal static class RuntimeFolder
{
    private const int HashChars = 12;

    public static string SocketFor(string dataFolder)
    {
        var user = Path.Combine(Base(), $"hybrid-{Environment.UserName}");
        var folder = Path.Combine(user, Hash(dataFolder));
        PrivateFolder.Ensure(user);
        PrivateFolder.Ensure(folder);
        return Path.Combine(folder, "redis.sock");
    }

    /// <summary>After a clean stop nothing is left behind; after kill -9 the next start finds and replaces what is.</summary>
    public static void Remove(string socket)
    {
        try
        {
            Directory.Delete(Path.GetDirectoryName(socket)!, recursive: true);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // An empty folder in the runtime directory harms nothing.
        }
    }

    private static string Hash(string dataFolder) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..HashChars];

    /// <summary>The user's own runtime folder where there is one; for root a folder that only root can write to.</summary>
    private static string Base()
    {
        var own = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (!string.IsNullOrEmpty(own) && Directory.Exists(own)) return own;
        return Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : Path.GetTempPath();
    }
}
