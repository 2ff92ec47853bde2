using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Node;

/// <summary>Enrols this box at its cell: a token becomes an identity of its own, kept in the data folder.</summary>
/// <remarks>
/// The publishers' keys that the cell names are kept only when their digest is the one in the token: the token came from an operator, the keys over the
/// wire. Written in this order: keys, farm, address, identity; a box that has an identity has all of it.
/// </remarks>
internal static class NodeJoin
{
    public static async Task<CommandOutcome> RunAsync(NodeJoinSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!JoinTokenText.TryRead(settings.Token, out _, out var publishers)) return CommandOutcome.Usage("--token: expected a join token, hyj_…, whole, as POST /v1/join-tokens of the cell shows it once.");
        if (settings.Name.Length > 0 && !NodeNames.IsName(settings.Name)) return CommandOutcome.Usage($"--name: '{settings.Name}' is no node's name. {NodeNames.Rule}");
        using var folder = DeviceFolder.Take(settings.Data.Folder);
        if (settings.Data.Identity.Read() is { } known && !settings.Replace) return CommandOutcome.Refused("AlreadyJoined", $"this box is '{known.Name}' of the cell '{known.Cell}'. Run it with 'hybrid node run', or give its identity up with --replace.");
        using var tls = settings.Link.Files.Open(clock, static _ => { }, out var problem);
        if (tls is null) return CommandOutcome.Usage($"--ca, --certificate, --key-file: {problem}.");
        var boot = NodeIdentityFile.NewBoot();
        var answer = await EnrolAsync(settings, boot, tls, clock, cancellationToken);
        if (answer.Failure is { } failure) return Of(failure);
        return ReadPublishers(answer, publishers, out var keys) ?? Keep(settings, answer, keys, boot);
    }

    private static async Task<EnrolAnswer> EnrolAsync(NodeJoinSettings settings, string boot, LinkTls tls, TimeProvider clock, CancellationToken cancellationToken)
    {
        var link = settings.Link.For(settings.Name.Length > 0 ? settings.Name : "box", null, tls);
        // A person waits, once: the patience of a link that is probed all day is too short for a first handshake on a small or busy box.
        using var fleet = new FleetClient(link with { Timings = link.Timings with { ConnectTimeout = Limits.TlsHandshakeMax } }, clock);
        return await fleet.EnrolAsync(new Enrolment(settings.Token, settings.Name, boot, NodeAttributes.Unknown, NodeMachine.MemoryBytes, Environment.ProcessorCount), cancellationToken);
    }

    private static CommandOutcome Of(InferenceFailure failure) => failure.Code is FailureCode.UpstreamUnavailable or FailureCode.DeadlineExceeded or FailureCode.ModelNotReady or FailureCode.Overloaded
        ? new CommandOutcome(NodeExitCodes.Unreachable, "Unreachable", $"{failure.Message} See that the cell runs and that --cell names its gRPC port, then join again: the token was not used.", [])
        : CommandOutcome.Refused(failure.Code.ToString(), failure.Message);

    /// <summary>Null when the keys are those that the token vouches for.</summary>
    private static CommandOutcome? ReadPublishers(EnrolAnswer answer, string expected, out List<PublisherKey> keys)
    {
        keys = [];
        foreach (var (name, pem) in answer.Publishers)
        {
            if (PublisherKey.Read(name, pem, out var problem) is not { } key) return CommandOutcome.Refused(problem!);
            keys.Add(key);
        }

        return JoinTokenText.DigestOf(keys.Select(k => k.KeyId)) == expected
            ? null
            : CommandOutcome.Refused("OtherPublishers", $"the cell named {keys.Count} publishers' keys, and they are not those that the token stands for: they were changed since, or somebody answers in the cell's place. Nothing was kept. Make a new token at the cell, and revoke '{answer.Name}' there.");
    }

    private static CommandOutcome Keep(NodeJoinSettings settings, EnrolAnswer answer, List<PublisherKey> keys, string boot)
    {
        var data = settings.Data;
        var documents = new DocumentStore(data.Documents);
        var farm = documents.Read(keys, DateTimeOffset.UnixEpoch).Documents.Farm;
        if (farm.Length > 0 && farm != answer.Farm) return CommandOutcome.Refused("OtherFarm", $"the data folder holds documents of the farm '{farm}', and the cell belongs to '{answer.Farm}'. Give an empty folder with --data, and revoke '{answer.Name}' at the cell.");
        WriteKeys(data.Publishers, keys);
        if (documents.Write(DocumentSet.Empty with { Farm = answer.Farm }) is { } unwritten) return CommandOutcome.Refused("Unwritable", unwritten);
        settings.Link.Write(data.LinkFile);
        data.Identity.Write(new StoredNode(answer.Credential, answer.Name, answer.Cell, answer.Zone, answer.Farm, boot, [], 0, false));
        return CommandOutcome.Ok(
            new Fact("node", "node", answer.Name),
            new Fact("cell", "cell", answer.Cell),
            new Fact("farm", "farm", answer.Farm),
            new Fact("publishers", "keys", keys.Count),
            new Fact("data", "data", Path.GetFullPath(data.Folder)),
            new Fact("next", "next", $"hybrid node run --data {data.Folder}"));
    }

    /// <summary>By key id: names come over the wire and are no file names.</summary>
    private static void WriteKeys(string folder, List<PublisherKey> keys)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.pem").ToArray()) File.Delete(old);
        foreach (var key in keys) File.WriteAllText(Path.Combine(folder, $"publisher-{key.KeyId[..16]}.pem"), key.Pem);
    }
}
