using System.Security.Cryptography;
using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Fleet;

/// <summary>Who a node is, and which run this is.</summary>
/// <param name="Previous">Runs before this one, newest first, back to the last of which a check-in was answered.</param>
/// <param name="Answered">A check-in of this run was answered.</param>
public sealed record StoredNode(string Credential, string Name, string Cell, string Zone, string Farm, string Boot, IReadOnlyList<string> Previous, long Epoch, bool Answered)
{
    public NodeInstance Instance => new(Boot, Previous);

    /// <summary>The identity at the start of the next run: to be written before its first check-in.</summary>
    public StoredNode NextRun(string boot)
    {
        IReadOnlyList<string> previous = [Boot, .. Answered ? [] : Previous];
        return this with { Boot = boot, Previous = [.. previous.Where(b => b.Length > 0).Take(Limits.InstancePreviousMax)], Epoch = Epoch + 1, Answered = false };
    }
}

/// <summary>Where a node keeps its identity: <see cref="NodeIdentityFile"/>, or the memory of a simulated one.</summary>
public interface INodeIdentityStore
{
    /// <summary>Whole or not at all; on return it outlives the process.</summary>
    void Write(StoredNode node);
}

/// <summary>A node's identity on its disk: <c>node.json</c>, for its owner alone, replaced whole.</summary>
/// <remarks>A run is written down before its first check-in: one that nobody could follow would look like a copy of the node.</remarks>
public sealed class NodeIdentityFile(string path) : INodeIdentityStore
{
    private const int BootBytes = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string NewBoot() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootBytes));

    /// <summary>Null: not enrolled yet.</summary>
    /// <exception cref="InvalidDataException">The file is there and cannot be used; the message says what to do.</exception>
    public StoredNode? Read()
    {
        if (!File.Exists(path)) return null;
        RefuseOpen();
        try
        {
            return JsonSerializer.Deserialize<StoredNode>(File.ReadAllBytes(path), Form) is { Credential: { Length: > 0 }, Boot: not null, Previous: not null } node
                ? node
                : throw new InvalidDataException($"{path} holds no identity. Delete it and enrol the node anew with a join token.");
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{path} is no JSON. Delete it and enrol the node anew with a join token.");
        }
    }

    /// <summary>Begins this run: written before it is returned.</summary>
    public StoredNode Begin(StoredNode stored)
    {
        var run = stored.NextRun(NewBoot());
        Write(run);
        return run;
    }

    /// <summary>Whole or not at all: beside, flushed to the disk, then in the place of the old one.</summary>
    public void Write(StoredNode node)
    {
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(beside, options))
        {
            JsonSerializer.Serialize(stream, node, Form);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private void RefuseOpen()
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) == 0) return;
        throw new InvalidDataException($"{path} can be read by others. Close it with: chmod 600 '{path}'");
    }
}
