using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>A text model as the embedding generator that .NET's AI abstractions know.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task Texts_in_several_batches_come_back_in_their_order()
    {
        await using var device = await TextDevice.StartAsync();
        using var generator = device.Client.AsEmbeddingGenerator(TextModel.Name);
        string[] texts = ["cat", "dog", "a fish", "dog", "cat", "", "dog"];

        var made = await generator.GenerateAsync(texts);

        Assert.Equal([0, 1, 2, 1, 0, 2, 1], made.Select(e => e.Vector.Span.IndexOf(1f)));
        Assert.All(made, e => Assert.Equal((TextModel.Name, 4), (e.ModelId, e.Dimensions)));
        Assert.Empty(await generator.GenerateAsync([]));
        Assert.Equal(0, device.Client.Pool.Leased);
    }

    [Fact]
    public async Task Metadata_says_who_what_and_how_many_dimensions()
    {
        await using var device = await TextDevice.StartAsync();
        using var generator = device.Client.AsEmbeddingGenerator(TextModel.Name);

        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;

        Assert.Equal((HybridEmbeddingGenerator.ProviderName, TextModel.Name, 4), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(device.Client, generator.GetService<HybridClient>());
    }

    [Fact]
    public async Task Builder_with_logging_caching_and_telemetry_works_unchanged()
    {
        await using var device = await TextDevice.StartAsync();
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "toy",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        IDistributedCache cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using var generator = device.Client.AsEmbeddingGenerator(TextModel.Name).AsBuilder()
            .UseLogging(NullLoggerFactory.Instance).UseDistributedCache(cache).UseOpenTelemetry(sourceName: "toy").Build();

        var first = await generator.GenerateVectorAsync("dog");
        await device.Client.Models.UnloadAsync(TextModel.Name, null, CancellationToken.None);
        var cached = await generator.GenerateVectorAsync("dog");

        Assert.Equal(first.ToArray(), cached.ToArray());
        Assert.Single(spans, s => s.DisplayName == $"embeddings {TextModel.Name}");
    }

    [Fact]
    public async Task Failures_are_exceptions_that_say_why()
    {
        await using var device = await TextDevice.StartAsync();

        var missing = await Assert.ThrowsAsync<HybridException>(() => device.Client.AsEmbeddingGenerator("nothing").GenerateAsync(["cat"]));
        var wrongModel = await Assert.ThrowsAsync<NotSupportedException>(() => device.Client.AsEmbeddingGenerator(Clips.Model).GenerateAsync(["cat"]));
        var wrongSize = await Assert.ThrowsAsync<NotSupportedException>(() => device.Client.AsEmbeddingGenerator(TextModel.Name).GenerateAsync(["cat"], new EmbeddingGenerationOptions { Dimensions = 8 }));

        Assert.Equal(FailureCode.ModelNotFound, missing.Failure.Code);
        Assert.Contains("'audio' INT16", wrongModel.Message, StringComparison.Ordinal);
        Assert.Contains("vectors of 4", wrongSize.Message, StringComparison.Ordinal);
    }

    private sealed class TextDevice : IAsyncDisposable
    {
        private readonly TempFolder folder;

        private TextDevice(TempFolder folder, HybridClient client) => (this.folder, Client) = (folder, client);

        public HybridClient Client { get; }

        public static async Task<TextDevice> StartAsync()
        {
            var folder = new TempFolder();
            return new TextDevice(folder, await HybridClient.StartAsync(new HybridClientOptions([TextModel.WriteTo(folder), RepositoryRoot.SampleModels], folder.Sub("state"))));
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            folder.Dispose();
        }
    }
}
