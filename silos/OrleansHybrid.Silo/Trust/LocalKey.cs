using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Silo.Start;

namespace OrleansHybrid.Silo.Trust;

/// <summary>A random key in a file of the data folder (0600), made at the first start. Compared in constant time; never logged.</summary>
internal sealed class LocalKey
{
    public const string OperatorFile = "operator.key";
    public const string LinkFile = "link.key";
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly byte[] key;

    private LocalKey(byte[] key) => this.key = key;

    /// <summary>What a cell of this process presents to the one above; nothing else may ask for it.</summary>
    public string Secret => Encoding.UTF8.GetString(key);

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(key, Encoding.UTF8.GetBytes(presented));

    public static LocalKey LoadOrMake(string dataFolder, string file)
    {
        var path = Path.Combine(dataFolder, file);
        if (!File.Exists(path)) Make(path);
        RefuseOpen(path);
        var text = File.ReadAllText(path).Trim();
        if (text.Length < KeyBytes) throw new StartFailure($"The key in {path} is shorter than {KeyBytes} characters. Delete the file: the next start makes a new key.");
        return new LocalKey(Encoding.UTF8.GetBytes(text));
    }

    private static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)));
    }

    private static void RefuseOpen(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new StartFailure($"The key in {path} can be read by others. Close it with: chmod 600 '{path}'");
        }
    }
}
