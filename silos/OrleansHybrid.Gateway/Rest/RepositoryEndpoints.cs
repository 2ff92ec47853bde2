using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Json;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>The model repository extension.</summary>
internal sealed class RepositoryEndpoints(ModelLookup models, RepositoryChanges changes, GatewayOptions options)
{
    public async Task IndexAsync(HttpContext context, CallerIdentity identity)
    {
        var ready = false;
        var failure = await SmallBody.ReadAsync(context, options, (ref cursor) => RepositoryBodies.ReadIndex(ref cursor, ref ready));
        if (failure is not null)
        {
            await FailureWriter.WriteAsync(context, failure);
            return;
        }

        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var row in RepositoryIndex.Rows(models.State, ready))
            {
                json.WriteStartObject();
                json.WriteString("name", row.Name);
                json.WriteString("version", row.Version.ToString(CultureInfo.InvariantCulture));
                json.WriteString("state", row.State);
                json.WriteString("reason", row.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public Task LoadAsync(HttpContext context, CallerIdentity identity) => ChangeAsync(context, identity, changes.LoadAsync);

    public Task UnloadAsync(HttpContext context, CallerIdentity identity) => ChangeAsync(context, identity, changes.UnloadAsync);

    private async Task ChangeAsync(HttpContext context, CallerIdentity identity, Func<string, int?, ChangeAuthor, CancellationToken, ValueTask<InferenceFailure?>> change)
    {
        int? version = null;
        var failure = await SmallBody.ReadAsync(context, options, (ref cursor) => RepositoryBodies.ReadChange(ref cursor, ref version));
        failure ??= await change(RouteText.Of(context, "model"), version, ChangeAuthor.Of(context, identity), context.RequestAborted);
        if (failure is not null) await FailureWriter.WriteAsync(context, failure);
        else await JsonAnswer.WriteAsync(context, static json => { json.WriteStartObject(); json.WriteEndObject(); });
    }
}
