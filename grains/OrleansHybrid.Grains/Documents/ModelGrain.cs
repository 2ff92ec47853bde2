using Orleans.Storage;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Documents;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Grains.Documents;

/// <summary>Keeps one model's catalogue entry at the farm's authority: load, ask <see cref="CatalogueRules"/>, note that it is to be published, write, answer.</summary>
/// <remarks>A store that lost the entry gets it back from the published document.</remarks>
[GrainType("hybrid.model")]
public sealed class ModelGrain([PersistentState("model")] IPersistentState<ModelGrainState> state, HybridGrainsOptions options) : Grain, IModelGrain
{
    private string Model => this.GetPrimaryKeyString();

    private IDocumentGrain Documents => GrainFactory.GetDocuments(options.Cell);

    public Task<CatalogueEntry?> GetAsync(CancellationToken cancellationToken) => EntryAsync(cancellationToken);

    public Task<CatalogueChange> AddVersionAsync(CatalogueVersion version, CancellationToken cancellationToken) =>
        ChangeAsync(entry => CatalogueRules.AddVersion(entry, Model, version), cancellationToken);

    public Task<CatalogueChange> SetPolicyAsync(CataloguePolicy policy, CancellationToken cancellationToken) =>
        ChangeAsync(entry => CatalogueRules.SetPolicy(entry, Model, policy), cancellationToken);

    public Task<CatalogueChange> BlockAsync(int version, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(entry => CatalogueRules.Block(entry, Model, version, reason), cancellationToken);

    public Task<CatalogueChange> UnblockAsync(int version, CancellationToken cancellationToken) =>
        ChangeAsync(entry => CatalogueRules.Unblock(entry, Model, version), cancellationToken);

    /// <summary>Another activation that wrote in between is heard, and the change is judged again on top of what it wrote.</summary>
    private async Task<CatalogueChange> ChangeAsync(Func<CatalogueEntry?, CatalogueChange> change, CancellationToken cancellationToken)
    {
        try
        {
            return await TryChangeAsync(change, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync(cancellationToken);
            return await TryChangeAsync(change, cancellationToken);
        }
    }

    private async Task<CatalogueChange> TryChangeAsync(Func<CatalogueEntry?, CatalogueChange> change, CancellationToken cancellationToken)
    {
        var result = change(await EntryAsync(cancellationToken));
        if (result.Verdict != CatalogueVerdict.Changed) return result;

        // Marked first: a mark without a change costs one look, a change without a mark would never be published.
        await Documents.MarkAsync(Model, cancellationToken);
        var before = state.State;
        try
        {
            state.State = new ModelGrainState { Entry = result.Entry };
            await state.WriteStateAsync(cancellationToken);
            return result;
        }
        catch
        {
            state.State = before;
            throw;
        }
    }

    private async Task<CatalogueEntry?> EntryAsync(CancellationToken cancellationToken)
    {
        if (state.State.Entry is { } entry) return entry;
        var published = await Documents.HeadAsync(0, cancellationToken);
        return published.Find(DocumentKey.Catalogue(Model))?.Content()?.Catalogue;
    }
}

/// <summary>What is stored of a model.</summary>
[GenerateSerializer, Alias("hybrid.model-state")]
public sealed class ModelGrainState
{
    [Id(0)] public CatalogueEntry? Entry { get; set; }
}
