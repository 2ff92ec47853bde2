using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Gateway.Telemetry;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class GatewayMetricTests
{
    [Fact]
    public async Task Request_is_counted_with_its_labels_and_a_made_up_model_makes_no_series()
    {
        await using var host = await GatewayHost.StartAsync();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == GatewayMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "hybrid.gateway.requests") lock (seen) seen.Add(string.Join(",", tags.ToArray().Select(t => t.Value)));
        });
        listener.Start();
        await host.InferAsync(Requests.Small);
        await host.InferAsync("{");
        await host.PostAsync("/v2/models/made-up/infer", new StringContent("{"));
        Assert.Equal(["edge,eu-west,echo,2,rest,ok", "edge,eu-west,echo,,rest,bad_input", "edge,eu-west,unknown,,rest,model_not_found"], seen);
    }
}
