using System.Globalization;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>A farm in which nobody published anything, as it is after its first start.</summary>
[Collection(OneProcess.Name)]
public sealed class QuietFarmTests(OneProcessFarm fixture)
{
    /// <summary>Of the two regions, each every five seconds.</summary>
    private const int Reports = 4;

    [Fact]
    public async Task Regions_wait_for_documents_that_are_not_there_and_do_not_ask_all_the_time()
    {
        var farm = fixture.Farm;
        await farm.WaitForLinksAsync();
        var (reports, asked) = (await CallsAsync(farm, "CheckIn"), await CallsAsync(farm, "GetDocuments"));

        await Wait.Until(async () => await CallsAsync(farm, "CheckIn") >= reports + Reports, "the regions to report");

        Assert.InRange(await CallsAsync(farm, "GetDocuments") - asked, 0, Reports);
    }

    /// <summary>That central answered.</summary>
    private static async Task<long> CallsAsync(TestFarm farm, string call)
    {
        var lines = (await farm.Http.GetStringAsync($"{farm.Central.HttpUrl}/metrics")).Split('\n');
        return lines.Where(l => l.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal) && l.Contains($"/orleanshybrid.fleet.v1.Fleet/{call}\"", StringComparison.Ordinal))
            .Sum(l => (long)double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
