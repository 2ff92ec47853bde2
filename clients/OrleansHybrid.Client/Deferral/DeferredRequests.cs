using System.Runtime.CompilerServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

/// <summary>Requests that were kept because the zone they need could not be reached: see <see cref="InferOptions.Defer"/>.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>They are encrypted in the data folder and outlive restarts. With the default key, which lies beside them, that protects against nothing but a copy of single files: give <see cref="HybridClientOptions.DeferralKey"/> to protect a lost disk.</item>
/// <item>They are sent by whoever reads <see cref="AnswersAsync"/>, oldest first, under the rules and the ceiling that hold then.</item>
/// <item>One is removed when its answer was taken, so a crash between the two asks once more: what the model does must not be harmed by that.</item>
/// </list>
/// </remarks>
public sealed class DeferredRequests
{
    private readonly HybridClient client;
    private readonly DeferralStore store;

    internal DeferredRequests(HybridClient client, DeferralStore store) => (this.client, this.store) = (client, store);

    /// <summary>How many are kept.</summary>
    public int Count => store.Count;

    /// <summary>Sends what is kept as soon as it can be, and what is kept meanwhile; ends when it is cancelled. One reader at a time. Dispose each answer.</summary>
    public async IAsyncEnumerable<DeferredAnswer> AnswersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (store.Oldest() is { } kept && await SendAsync(kept.Content, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                yield return answer;
                store.Remove(kept.Name);
            }
            else
            {
                await Task.Delay(Limits.DeferredInterval, client.Options.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Null: its zone cannot be reached yet.</summary>
    private async ValueTask<DeferredAnswer?> SendAsync(byte[] content, CancellationToken cancellationToken)
    {
        var request = DeferredPayload.Read(content, client.Pool, out var topLabels);
        try
        {
            var result = await client.InferAsync(request, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.Failure is { } failure && MayWait(failure)) return null;
            return new DeferredAnswer(request.Id, request.Model, new HybridAnswer(result, client.Model(request.Model).Manifest(request.Version), topLabels));
        }
        finally
        {
            foreach (var input in request.Inputs) input.Data.Release();
        }
    }

    /// <summary>Keeps a request that could not be answered, when waiting helps.</summary>
    internal DeferralReceipt? Keep(InferenceRequest request, InferenceFailure failure, int topLabels)
    {
        if (!MayWait(failure)) return null;
        try
        {
            var (receipt, problem) = store.Keep(request.Id, DeferredPayload.Write(request, topLabels));
            if (problem is not null) client.Options.Note($"A request was not deferred: {problem}.");
            return receipt;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            client.Options.Note($"A request was not deferred: the data folder could not be written ({full.GetType().Name}).");
            return null;
        }
    }

    private static bool MayWait(InferenceFailure failure) => failure.Code is FailureCode.UpstreamUnavailable;
}

/// <summary>What became of a deferred request.</summary>
/// <param name="RequestId">As in its <see cref="DeferralReceipt"/>.</param>
public sealed record DeferredAnswer(string RequestId, string Model, HybridAnswer Answer) : IDisposable
{
    public void Dispose() => Answer.Dispose();
}
