using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace OrleansHybrid.Contracts;

public static class HybridContractsServiceCollectionExtensions
{
    /// <summary>What serialising the contracts needs beside the generated code. Call it in every process that has a silo or a cluster client; twice is once.</summary>
    public static IServiceCollection AddHybridContracts(this IServiceCollection services)
    {
        services.TryAddSingleton<CollectionExpressionCodec>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IGeneralizedCodec, CollectionExpressionCodec>(p => p.GetRequiredService<CollectionExpressionCodec>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IGeneralizedCopier, CollectionExpressionCodec>(p => p.GetRequiredService<CollectionExpressionCodec>()));
        return services;
    }
}
