using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Tests.Harness;

internal sealed class NoUpstreams : IUpstreamDirectory
{
    public IUpstream? Find(AttemptTarget target, string address) => null;
}
