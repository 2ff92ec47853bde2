using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Silo.Trust;

internal static class CellTrust
{
    public static WebApplicationBuilder AddCellTrust(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ICallerAuthenticator, LocalAuthenticator>();
        return builder;
    }
}
