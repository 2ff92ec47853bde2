using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>The browsable page of the admin API, served from the program alone.</summary>
public sealed partial class DocsPageTests(AccessCells cells) : IClassFixture<AccessCells>
{
    private string Url => cells.Of(CallerKind.NobodyWhereNoneIsNeeded).HttpUrl;

    [Fact]
    public async Task Page_and_its_files_answer_and_name_no_other_host()
    {
        using var page = await cells.Http.GetAsync(Url + "/docs/");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotMatch(OtherHost(), html);
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        var files = Source().Matches(html).Select(m => m.Groups[1].Value).Distinct().ToArray();
        Assert.Contains("scalar.js", files);
        foreach (var file in files)
        {
            using var answer = await cells.Http.GetAsync($"{Url}/docs/{file}");
            Assert.True(answer.IsSuccessStatusCode, $"{file}: {answer.StatusCode}");
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>The script knows other hosts (fonts, a proxy, links); the browser is told to ask none of them.</summary>
    [Fact]
    public async Task Browser_is_told_to_reach_no_other_host()
    {
        using var page = await cells.Http.GetAsync(Url + "/docs/");

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(OtherHost(), policy);
        Assert.DoesNotContain('*', policy);
    }

    [GeneratedRegex(@"https?:|[""'(=]\s*//")]
    private static partial Regex OtherHost();

    [GeneratedRegex("""src="([^"]+)"|from '\./([^']+)'""")]
    private static partial Regex Source();
}
