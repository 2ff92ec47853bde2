namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>One at a time for each key; gates go when nobody waits.</summary>
internal sealed class KeyedGate
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, Gate> gates = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var gate = Take(key);
        try
        {
            await gate.Turn.WaitAsync(cancellationToken);
            return new Hold(this, key, gate);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }
    }

    public bool IsHeld(string key)
    {
        lock (sync) return gates.ContainsKey(key);
    }

    private Gate Take(string key)
    {
        lock (sync)
        {
            if (!gates.TryGetValue(key, out var gate)) gates[key] = gate = new Gate();
            gate.Users++;
            return gate;
        }
    }

    private void Leave(string key, Gate gate)
    {
        lock (sync)
        {
            if (--gate.Users == 0) gates.Remove(key);
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Hold(KeyedGate owner, string key, Gate gate) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) != 0) return;
            gate.Turn.Release();
            owner.Leave(key, gate);
        }
    }
}
