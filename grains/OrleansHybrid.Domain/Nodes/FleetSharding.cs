using System.Text;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>Which shard lists a node: the same in every process and for ever, since the key's bytes are hashed here and not by the runtime.</summary>
public static class FleetSharding
{
    /// <summary>FNV-1a over the key's UTF-8, folded: its low bits alone mix too little for names that differ in one digit.</summary>
    public static int ShardOf(NodeKey key)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(key.ToString())) hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 32;
        return (int)((hash ^ (hash >> 16)) % Limits.FleetShards);
    }
}
