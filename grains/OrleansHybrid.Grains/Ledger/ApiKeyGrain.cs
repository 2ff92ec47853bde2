using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Keeps a cell's keys: load, ask <see cref="ApiKeyRules"/>, write, answer.</summary>
/// <remarks>
/// A change counts when it is written, and not before. The store is looked at again at an interval, since a cell can have two activations for a
/// while. A store that knows less than this activation has forgotten: what is here stands, and is written again.
/// </remarks>
[GrainType("hybrid.api-key-list")]
public sealed class ApiKeyGrain(
    [PersistentState("keys")] IPersistentState<ApiKeyState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<ApiKeyGrain> log) : Grain, IApiKeyGrain
{
    private ApiKeyDocument document = ApiKeyDocument.Empty;
    private bool usesChanged;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        document = state.State.Document ?? ApiKeyDocument.Empty;
        this.RegisterGrainTimer(RereadAsync, new GrainTimerCreationOptions(Limits.ApiKeyRereadInterval, Limits.ApiKeyRereadInterval));
        this.RegisterGrainTimer(WriteUsesAsync, new GrainTimerCreationOptions(Limits.ApiKeyUseInterval, Limits.ApiKeyUseInterval));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => WriteUsesAsync(cancellationToken);

    public Task<ApiKeyDocument?> ReadAsync(long knownRevision, CancellationToken cancellationToken) =>
        Task.FromResult(document.Revision == knownRevision ? null : document);

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(document.Keys);

    public Task<ApiKeyChange> CreateAsync(NewApiKey key, string id, string hash, CancellationToken cancellationToken) =>
        ChangeAsync(current => ApiKeyRules.Add(current, key, id, hash, clock.GetUtcNow()), cancellationToken);

    public Task<ApiKeyChange> RevokeAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(current => ApiKeyRules.Revoke(current, id, clock.GetUtcNow()), cancellationToken);

    public Task NoteUsesAsync(IReadOnlyList<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        document = ApiKeyRules.Note(document, uses);
        usesChanged = true;
        return Task.CompletedTask;
    }

    /// <summary>Another activation that wrote in between is heard, and the change is made on top of what it wrote.</summary>
    private async Task<ApiKeyChange> ChangeAsync(Func<ApiKeyDocument, (ApiKeyDocument Document, ApiKeyChange Change)> change, CancellationToken cancellationToken)
    {
        try
        {
            return await TryChangeAsync(change, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await RereadAsync(cancellationToken);
            return await TryChangeAsync(change, cancellationToken);
        }
    }

    private async Task<ApiKeyChange> TryChangeAsync(Func<ApiKeyDocument, (ApiKeyDocument Document, ApiKeyChange Change)> change, CancellationToken cancellationToken)
    {
        var (next, done) = change(document);
        if (next.Revision != document.Revision) await WriteAsync(next, cancellationToken);
        return done;
    }

    private async Task WriteAsync(ApiKeyDocument next, CancellationToken cancellationToken)
    {
        state.State = new ApiKeyState { Document = next };
        await state.WriteStateAsync(cancellationToken);
        document = next;
        usesChanged = false;
    }

    private async Task RereadAsync(CancellationToken cancellationToken)
    {
        await state.ReadStateAsync(cancellationToken);
        var stored = state.State.Document ?? ApiKeyDocument.Empty;
        if (stored.Revision > document.Revision) document = stored;
        if (stored.Revision >= document.Revision) return;
        log.LogWarning("The store forgot the cell's keys (it has revision {Stored}, this silo {Own}); they are written again.", stored.Revision, document.Revision);
        await WriteAsync(document, cancellationToken);
    }

    private async Task WriteUsesAsync(CancellationToken cancellationToken)
    {
        if (usesChanged) await WriteAsync(document, cancellationToken);
    }
}

/// <summary>What is stored of a cell's keys.</summary>
[GenerateSerializer, Alias("hybrid.api-key-state")]
public sealed class ApiKeyState
{
    [Id(0)] public ApiKeyDocument? Document { get; set; }
}
