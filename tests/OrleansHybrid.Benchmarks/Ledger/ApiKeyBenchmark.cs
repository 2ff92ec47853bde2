using BenchmarkDotNet.Attributes;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Benchmarks.Ledger;

/// <summary>What judging a presented API key costs each request: the hash of the whole key and a comparison in constant time.</summary>
[MemoryDiagnoser]
public class ApiKeyBenchmark
{
    private readonly string key = ApiKeyText.Write(new byte[ApiKeyText.IdBytes], new byte[ApiKeyText.SecretBytes]);
    private byte[] hash = [];

    [GlobalSetup]
    public void Setup() => hash = Convert.FromHexString(ApiKeyText.HashOf(key));

    [Benchmark]
    public bool JudgeKey() => ApiKeyText.TryReadId(key, out _) && ApiKeyText.Matches(key, hash);
}
