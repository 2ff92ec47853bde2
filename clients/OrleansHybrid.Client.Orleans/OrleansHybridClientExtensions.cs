using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansHybrid.Contracts;

namespace OrleansHybrid.Client.Orleans;

public static class OrleansHybridClientExtensions
{
    /// <summary>Adds <see cref="IHybridCluster"/> for one cell. The host's start connects, and fails with what to check when the cell does not answer within <see cref="OrleansHybridClientOptions.ConnectTimeout"/>.</summary>
    /// <exception cref="OptionsValidationException">Options that cannot work, every one of them listed.</exception>
    public static IServiceCollection AddOrleansHybridClient(this IServiceCollection services, Action<OrleansHybridClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new OrleansHybridClientOptions();
        configure(options);
        var errors = OrleansHybridClientOptionsRules.Check(options);
        if (errors.Count > 0) throw new OptionsValidationException(nameof(OrleansHybridClientOptions), typeof(OrleansHybridClientOptions), errors);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddHybridContracts();
        services.AddOrleansClient(client => Connect(client, options));
        services.AddSingleton<IHybridCluster>(s => new HybridCluster(s.GetRequiredService<IClusterClient>(), options.Cell));
        services.AddHostedService<ClusterCheck>();
        return services;
    }

    private static void Connect(IClientBuilder client, OrleansHybridClientOptions options)
    {
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cell, options.Cell));
        if (options.Tls is { } tls) client.UseTls(tls.Set);
        client.UseConnectionRetryFilter<ConnectWithin>();
        if (options.Redis is { } redis) client.UseRedisClustering(o => o.ConfigurationOptions = OrleansHybridClientOptionsRules.Parse(redis));
        else client.UseStaticClustering([.. options.Gateways.Select(g => OrleansHybridClientOptionsRules.Gateway(g)!)]);
    }
}
