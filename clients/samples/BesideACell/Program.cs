// A service beside a cell: asks the cell's grains for a spoken command, and looks at what the cell says of itself.
//
//   dotnet run --project clients/samples/BesideACell -- eu-west 127.0.0.1:30111 models/clips/hard.raw
//   dotnet run --project clients/samples/BesideACell -- eu-west redis://127.0.0.1:6379 models/clips/hard.raw
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

if (args is not [var cell, var address, var clip])
{
    Console.Error.WriteLine("usage: BesideACell CELL GATEWAY-OR-REDIS CLIP.raw");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddOrleansHybridClient(o =>
{
    o.Cell = cell;
    if (address.StartsWith("redis://", StringComparison.Ordinal)) o.Redis = address;
    else o.Gateways = [address];
});

using var host = builder.Build();
await host.StartAsync();
var cluster = host.Services.GetRequiredService<IHybridCluster>();

var samples = MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(clip)).ToArray();
var audio = ClusterTensors.Of<short>("audio", samples, 1, samples.Length);
var result = await cluster.Router.InferAsync(ClusterRequests.Of("keyword", audio, RouteParameters.None with { Explain = true }, TimeSpan.FromSeconds(2)));
if (result.Response is not { } answer)
{
    Console.Error.WriteLine($"{result.Failure!.Code}: {result.Failure.Message}");
    return 1;
}

Console.WriteLine($"{answer.Label} from {answer.Provenance.Zone.WireName()} {answer.Provenance.Cell}, {answer.Provenance.Variant}, because {answer.Reason}");
await foreach (var node in cluster.Nodes.AllAsync()) Console.WriteLine($"node {node.Key} is {node.Health}, heard {node.Age?.TotalSeconds:0} s ago");
var report = await cluster.Models.GetVersionAsync("keyword", answer.Provenance.Version);
Console.WriteLine($"version {report.Key}: counted up to {report.LastBatch?.ToString("O") ?? "never"}");
await host.StopAsync();
return 0;
