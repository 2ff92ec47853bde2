using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Refuses a property that an object holds twice: which of the two counts would be a guess.</summary>
internal struct SeenNames
{
    private uint bits;

    public bool Once(ref JsonCursor cursor, int slot, string name)
    {
        var bit = 1u << slot;
        if ((bits & bit) != 0) return cursor.Fail(Bad.Body($"holds '{name}' twice in one object"));
        bits |= bit;
        return true;
    }

    public readonly bool Has(int slot) => (bits & (1u << slot)) != 0;
}
