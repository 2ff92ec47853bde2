using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests;

public sealed class SerializationTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().AddHybridContracts().BuildServiceProvider();
    private static readonly Serializer Serializer = Services.GetRequiredService<Serializer>();

    public static TheoryData<Type> Types => new(
        new[] { typeof(InferenceRequest).Assembly, typeof(ResponseTimeouts).Assembly, typeof(EdgeNodeState).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false)));

    [Theory]
    [MemberData(nameof(Types))]
    public void Record_sent_arrives_whole(Type type)
    {
        var sent = new SampleMaker().Make(type);

        var arrived = RoundTrip(sent);

        Assert.Equal(SampleMaker.Write(sent), SampleMaker.Write(arrived));
    }

    [Fact]
    public void Lists_written_as_collection_expressions_arrive_as_lists()
    {
        var one = new Caller("t", ["a"], false, null);
        var three = new Caller("t", ["a", "b", "c"], false, null);
        var spread = new Caller("t", [.. three.Hops, .. one.Hops], false, null);

        Assert.Equal(["a"], ((Caller)RoundTrip(one)).Hops);
        Assert.Equal(["a", "b", "c"], ((Caller)RoundTrip(three)).Hops);
        Assert.Equal(["a", "b", "c", "a"], ((Caller)RoundTrip(spread)).Hops);
    }

    [Fact]
    public void Tags_with_an_ordinal_comparer_arrive()
    {
        var sent = RouteParameters.None with { Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["room"] = "bedroom" } };

        Assert.Equal("bedroom", ((RouteParameters)RoundTrip(sent)).Tags["room"]);
    }

    [Fact]
    public void Lease_sent_arrives_outside_any_pool_and_the_senders_hold_stays()
    {
        var pool = new TensorPool(poison: true);
        var sent = Sample.Request(pool, 5, 6, 7);

        var arrived = ((InferenceRequest)RoundTrip(sent)).Inputs[0].Data;
        sent.Inputs[0].Data.Release();

        Assert.Equal([5, 6, 7], arrived.Memory.ToArray());
        Assert.False(arrived.IsPooled);
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void Two_tensors_over_one_lease_arrive_over_one_lease()
    {
        var tensor = Sample.Request(new TensorPool(), 5).Inputs[0];
        var sent = Sample.Answer(tensor, tensor with { Name = "other" });

        var outputs = ((InferenceResult)RoundTrip(sent)).Response!.Outputs;

        Assert.Same(outputs[0].Data, outputs[1].Data);
    }

    [Fact]
    public void Payload_longer_than_its_message_is_refused()
    {
        var bytes = Serializer.SerializeToArray(Sample.Request(new TensorPool(), new byte[1000]).Inputs[0].Data);

        Assert.ThrowsAny<Exception>(() => Serializer.Deserialize<TensorLease>(bytes.AsSpan(0, 500)));
    }

    [Fact]
    public void Response_timeout_of_inference_is_above_the_longest_deadline() =>
        Assert.InRange(TimeSpan.Parse(ResponseTimeouts.Inference), Limits.DeadlineMax + TimeSpan.FromSeconds(10), Limits.DeadlineMax + TimeSpan.FromMinutes(1));

    private static object RoundTrip(object sent) => Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sent))!;
}
