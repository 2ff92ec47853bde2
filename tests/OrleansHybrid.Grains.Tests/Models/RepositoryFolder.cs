using System.Text;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A throw-away repository folder with its own data folder.</summary>
internal sealed class RepositoryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("hybrid-repository-").FullName;

    public RepositoryFolder() => Directory.CreateDirectory(Root);

    public string Root => Path.Combine(path, "models");

    public string Data => Path.Combine(path, "data");

    public string Outside => Path.Combine(path, "outside");

    /// <summary>A second root beside the first.</summary>
    public string OtherRoot => Path.Combine(path, "others");

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), bytes);
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
