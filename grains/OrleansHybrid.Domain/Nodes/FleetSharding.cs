using System.Text;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>Which shard lists a node: the same in every process and for ever, since the key's bytes are hashed here and not by the runtime.</summary>
public static class FleetSharding
{
    /// <summary>FNV-1a over the key's UTF-8, folded: its low bits alone mix too little for names that differ in one digit.</summary>
    public static int ShardOf(NodeKey key)
    {
        var hash = Add(Add(Add(14695981039346656037UL, key.Cell), "/"), key.Node);
        hash ^= hash >> 32;
        return (int)((hash ^ (hash >> 16)) % Limits.FleetShards);
    }

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> room = stackalloc byte[256];
        var bytes = Encoding.UTF8.TryGetBytes(text, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(text);
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
