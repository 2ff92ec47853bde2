using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Cells;

/// <summary>Endorses a farm's document key with a publisher's key: fetch it, sign that it may sign for this farm, hand that in.</summary>
internal static class Endorser
{
    /// <summary>How long an endorsement lasts unless it is told otherwise.</summary>
    public const int DaysDefault = 365;

    /// <param name="onlyMissing">Leave a key alone that has an endorsement which is not over.</param>
    public static async Task<(JsonNode? View, CommandOutcome? Problem)> EndorseAsync(CellClient cell, ECDsa key, int days, bool onlyMissing, CancellationToken cancellationToken)
    {
        var held = await cell.GetAsync("v1/documents/key", cancellationToken);
        if (held.Problem is not null) return (null, held.Problem);
        if (onlyMissing && held.Body!["endorsements"]!.AsArray().Any(e => !e!["expired"]!.GetValue<bool>())) return (held.Body, null);
        var now = TimeProvider.System.GetUtcNow();
        var payload = EndorsementRules.Write(held.Body!["farm"]!.GetValue<string>(), held.Body["public_key"]!.GetValue<string>(), now, now.AddDays(days));
        var envelope = Encoding.UTF8.GetString(DsseSigner.Sign(key, EndorsementRules.PayloadType, payload));
        var answer = await cell.SendAsync(HttpMethod.Put, "v1/documents/endorsement", new StringContent(envelope, Encoding.UTF8, "application/json"), cancellationToken);
        return (answer.Body, answer.Problem);
    }
}
