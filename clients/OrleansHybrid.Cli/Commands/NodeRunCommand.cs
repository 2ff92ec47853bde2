using System.CommandLine;
using System.Net;
using OrleansHybrid.Cli.Node;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Links.Machine;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid node run</c>: the node agent, until it is told to stop.</summary>
internal static class NodeRunCommand
{
    private const string None = "none";
    private const string Required = "required";

    public static Command Create()
    {
        var options = new NodeOptions();
        var own = new RunOptions();
        return new HybridCommand(
            "run",
            "Runs the node agent: answers on this box, and keeps what its cell publishes.",
            ["hybrid node run", "hybrid node run --cell http://127.0.0.1:8011 --token hyj_… --models models --memory 512MiB"],
            (input, cancellationToken) => RunAsync(input, options, own, cancellationToken))
        {
            options.Data, options.Cell, own.Http, own.Grpc, own.Models, own.Labels, own.Memory, own.Metered, own.LinkRate, own.FetchWindow, own.Auth,
            options.Token, options.Name, options.CellZone, options.Insecure, options.Tls.Ca, options.Tls.Certificate, options.Tls.Key, own.Sysfs,
        };
    }

    private static async Task<CommandOutcome> RunAsync(ParseResult input, NodeOptions options, RunOptions own, CancellationToken cancellationToken)
    {
        if (own.Read(input, options, out var wrong) is not { } settings) return wrong!;
        if (ReadClock(settings, out wrong) is not { } clock) return wrong!;
        return await NodeCommands.GuardAsync(async () =>
        {
            if (settings.Data.Identity.Read() is null)
            {
                if (options.TokenOf(input) is null) return CommandOutcome.Usage($"this box is not enrolled: there is no identity in '{settings.Data.Folder}'. Enrol it: hybrid node join --cell URL --token hyj_…");
                var (join, misfit) = options.Join(input, replace: false);
                if (misfit is not null) return misfit;
                var joined = await NodeJoin.RunAsync(join!, clock, cancellationToken);
                if (joined.ExitCode != ExitCodes.Ok) return joined;
            }

            return await NodeHost.RunAsync(settings, clock, cancellationToken);
        });
    }

    /// <summary>A clock that is moved for a trial is for one machine alone.</summary>
    private static TimeProvider? ReadClock(NodeSettings settings, out CommandOutcome? wrong)
    {
        wrong = null;
        var text = Environment.GetEnvironmentVariable(OffsetClock.Variable);
        var offset = OffsetClock.TryRead(text);
        if (offset is null) wrong = CommandOutcome.Usage($"{OffsetClock.Variable}: '{text}' is no time. {OffsetClock.Rule}");
        else if (offset != TimeSpan.Zero && !(IPAddress.IsLoopback(settings.Http.Address) && IPAddress.IsLoopback(settings.Grpc.Address))) wrong = CommandOutcome.Usage($"{OffsetClock.Variable}: moves the clock of a node that listens beyond loopback. Unset it: it is for tests on one machine.");
        return wrong is null ? OffsetClock.Of(offset!.Value) : null;
    }

    private sealed class RunOptions
    {
        public Option<string> Http { get; } = new("--http") { Description = "REST port of the Open Inference Protocol.", DefaultValueFactory = _ => "127.0.0.1:8100", HelpName = "ADDRESS:PORT" };

        public Option<string> Grpc { get; } = new("--grpc") { Description = "gRPC port of the same.", DefaultValueFactory = _ => "127.0.0.1:8101", HelpName = "ADDRESS:PORT" };

        public Option<string[]> Models { get; } = new("--models") { Description = "Folder of models of the box's own. Repeatable.", HelpName = "FOLDER", Arity = ArgumentArity.ZeroOrMore };

        public Option<string> Labels { get; } = new("--labels") { Description = "Node labels, by which the node is found and chosen.", DefaultValueFactory = _ => "", HelpName = "NAME=VALUE,…" };

        public Option<string?> Memory { get; } = new("--memory") { Description = "What models may take, such as 512MiB; without it: what the machine has.", HelpName = "SIZE" };

        public Option<bool> Metered { get; } = new("--metered") { Description = "Bytes to the cell cost money: large input stays here unless a request asks otherwise." };

        public Option<string?> LinkRate { get; } = new("--link-rate") { Description = "What files may take of the link to the cell, such as 2MiB/s; without it: all.", HelpName = "SIZE/s" };

        public Option<string?> FetchWindow { get; } = new("--fetch-window") { Description = "The hours, in UTC, in which files are fetched from the cell, such as 22:00-06:00; without it: always.", HelpName = "HH:MM-HH:MM" };

        public Option<string> Auth { get; } = AuthOption();

        public Option<string> Sysfs { get; } = new("--sysfs") { Description = "Where the kernel's meters are mounted.", DefaultValueFactory = _ => "/sys", HelpName = "DIR" };

        public NodeSettings? Read(ParseResult input, NodeOptions options, out CommandOutcome? wrong)
        {
            var errors = new List<string>();
            var required = input.GetValue(Auth) == Required;
            var http = ReadAddress("--http", input.GetValue(Http)!, required, errors);
            var grpc = ReadAddress("--grpc", input.GetValue(Grpc)!, required, errors);
            var labels = NodeTexts.Labels(input.GetValue(Labels)!);
            if (labels is null) errors.Add($"--labels: {NodeTexts.LabelsRule}; came '{input.GetValue(Labels)}'.");
            var memory = input.GetValue(Memory) is { } size ? NodeTexts.Size(size) : null;
            if (input.GetValue(Memory) is { } came && memory is null) errors.Add($"--memory: {NodeTexts.SizeRule}; came '{came}'.");
            var rate = input.GetValue(LinkRate) is { } fast ? NodeTexts.Rate(fast) : 0;
            if (rate is null) errors.Add($"--link-rate: {NodeTexts.RateRule}; came '{input.GetValue(LinkRate)}'.");
            var window = input.GetValue(FetchWindow) is { } hours ? Links.Bundles.Transfer.FetchWindow.Parse(hours) : null;
            if (input.GetValue(FetchWindow) is { } asked && window is null) errors.Add($"--fetch-window: {NodeTexts.WindowRule}; came '{asked}'.");
            var models = input.GetValue(Models) ?? [];
            errors.AddRange(models.Where(m => !Directory.Exists(m)).Select(m => $"--models: there is no folder '{m}'. Create it, or correct the path."));
            if (input.GetValue(options.Cell) is { } cell && UpstreamAddress.Parse(cell, input.GetValue(options.Insecure), out var error) is null) errors.Add($"--cell: {error}");
            wrong = errors.Count > 0 ? CommandOutcome.Usage(string.Join(' ', errors)) : null;
            if (wrong is not null) return null;
            return new NodeSettings(new NodeData(input.GetValue(options.Data)!), input.GetValue(options.Cell), http!, grpc!, models, labels!, memory, input.GetValue(Metered), required, input.GetValue(Sysfs)!) { LinkBytesPerSecond = rate!.Value, FetchWindow = window, Files = options.Tls.Read(input) };
        }

        /// <summary>Without keys whoever reaches the port may ask: so it is this machine's alone.</summary>
        private static IPEndPoint? ReadAddress(string flag, string text, bool required, List<string> errors)
        {
            if (NodeTexts.Address(text) is not { } address) errors.Add($"{flag}: {NodeTexts.AddressRule}; came '{text}'.");
            else if (!required && !IPAddress.IsLoopback(address.Address)) errors.Add($"{flag}: {text} can be reached from other machines, and requests need no key. Listen on 127.0.0.1, or give --auth required.");
            else return address;
            return null;
        }

        private static Option<string> AuthOption()
        {
            var option = new Option<string>("--auth") { Description = "Whether requests need the key in the data folder's operator.key. Changes always do.", DefaultValueFactory = _ => None, HelpName = "none|required" };
            option.AcceptOnlyFromAmong(None, Required);
            return option;
        }
    }
}
