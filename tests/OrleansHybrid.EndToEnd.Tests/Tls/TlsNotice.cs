using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>What a cell in this process said of certificates, as its log has it.</summary>
internal static class TlsNotice
{
    public static IReadOnlyList<string> Of(RunningCell cell) => cell.Services.GetRequiredService<CellTls>().Notes.Last;
}
