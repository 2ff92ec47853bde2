using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

public static class HybridClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="HybridClient"/> (also as <see cref="IInferenceService"/>): it takes its folder when first resolved, loads its models when the host starts,
    /// and is closed with the container. Until its models are loaded it answers that they are not ready. Options are checked at the start, every error at once; notices go to the log.
    /// </summary>
    /// <example><code>
    /// builder.Services.AddHybridClient(o => { o.Models = ["models"]; o.Upstream = "https://eu-west.example:8011"; o.UpstreamZone = Zone.Edge; });
    /// </code></example>
    public static IServiceCollection AddHybridClient(this IServiceCollection services, Action<HybridClientOptions>? configure = null)
    {
        services.AddOptions<HybridClientOptions>().ValidateOnStart();
        if (configure is not null) services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HybridClientOptions>, HybridClientOptionsValidator>());
        services.TryAddSingleton(Create);
        services.TryAddSingleton<IInferenceService>(static s => s.GetRequiredService<HybridClient>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HybridClientStart>());
        return services;
    }

    private static HybridClient Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<HybridClientOptions>>().Value with { };
        ILogger log = services.GetService<ILogger<HybridClient>>() ?? NullLogger<HybridClient>.Instance;
        options.Notice ??= sentence => HybridClientLog.Notice(log, sentence);
        return HybridClient.Create(options);
    }
}

internal sealed class HybridClientOptionsValidator : IValidateOptions<HybridClientOptions>
{
    public ValidateOptionsResult Validate(string? name, HybridClientOptions options)
    {
        var errors = HybridClientOptionsRules.Check(options);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>Loads the models while the host starts.</summary>
internal sealed class HybridClientStart(HybridClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static partial class HybridClientLog
{
    [LoggerMessage(LogLevel.Information, "{Notice}")]
    public static partial void Notice(ILogger log, string notice);
}
