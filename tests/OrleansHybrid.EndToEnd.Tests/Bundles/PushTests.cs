using System.Net.Sockets;
using System.Text;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A version's way into the catalogue at the farm's authority.</summary>
public sealed class PushTests(PushCell fixture) : IClassFixture<PushCell>
{
    [Fact]
    public async Task Pushed_version_is_in_the_catalogue_with_its_signer_and_in_the_audit_log()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("whole"));
        await version.SignAsync();
        var before = (long)(await fixture.Calls.SendAsync(HttpMethod.Get, "catalogue", null)).Body!["revision"]!;

        var pushed = await fixture.Calls.PushAsync(version);
        var again = await fixture.Calls.PushAsync(version);

        Assert.Equal((200, 200), (pushed.Status, again.Status));
        Assert.True((bool)pushed.Body!["published"]!);
        Assert.Equal((string)pushed.Body["bundle"]!, (string)again.Body!["bundle"]!);
        var published = (await fixture.Calls.PublishedAsync("whole", 1))!;
        Assert.Equal((string)pushed.Body["bundle"]!, (string)published["bundle"]!);
        Assert.Equal(["tiny", "large"], published["variants"]!.AsArray().Select(v => (string)v!));
        Assert.Equal(OrleansHybrid.Links.Bundles.Signing.PublisherKeys.ReadFile(version.KeyPath + ".pub", out _)!.KeyId, (string)published["publisher_key_id"]!);
        Assert.True((long)(await fixture.Calls.SendAsync(HttpMethod.Get, "catalogue", null)).Body!["revision"]! > before);
        Assert.Single(await fixture.Calls.AuditAsync("version.push", "whole@1"));
        Assert.DoesNotContain((await fixture.Calls.SendAsync(HttpMethod.Get, "uploads", null)).Body!["uploads"]!.AsArray(), u => (string)u!["model"]! == "whole");
    }

    [Fact]
    public async Task File_that_broke_off_in_the_middle_goes_on_where_it_was()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("cut"));
        var content = Enumerable.Range(0, 300_000).Select(i => (byte)(i % 251)).ToArray();
        version.Write("notes.txt", content);
        await version.SignAsync();
        var id = (string)(await fixture.Calls.BeginAsync(version)).Body!["id"]!;
        var digest = PushCalls.DigestOf(content);
        await CutOffAsync(id, digest, content, 200_000, () => Wait.Until(async () => await BytesHereAsync(version, digest) > 0, "a part of the file"));

        var here = await BytesHereAsync(version, digest);
        var wrong = await fixture.Calls.PutAsync(id, digest, content, 7);
        var rest = await fixture.Calls.PutAsync(id, digest, content[(int)(long)wrong.Body!["offset"]!..], (long)wrong.Body["offset"]!);

        Assert.InRange(here, 1, 200_000);
        Assert.Equal(409, wrong.Status);
        Assert.True((bool)rest.Body!["complete"]!);
        Assert.Equal(200, (await fixture.Calls.PushAsync(version)).Status);
        Assert.NotNull(await fixture.Calls.PublishedAsync("cut", 1));
    }

    [Fact]
    public async Task Cell_that_follows_another_says_where_to_push()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        using var version = new PushedVersion("below");
        await version.SignAsync();
        await using var region = await RunningCell.StartAsync(TestCell.Create("eu-west", fixture.Cell.Cell), folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);

        var refused = await new PushCalls(http, region.Cell, region.OperatorKey).BeginAsync(version);

        Assert.Equal(409, refused.Status);
        Assert.Contains("hybrid push FOLDER --cell URL", (string)refused.Body!["error"]!, StringComparison.Ordinal);
    }

    private async Task<long> BytesHereAsync(PushedVersion version, string digest) =>
        (await fixture.Calls.BeginAsync(version)).Body!["files"]!.AsArray().Where(f => (string)f!["digest"]! == digest).Select(f => (long)f!["bytes_here"]!).First();

    /// <summary>Announces the whole file, sends a part, and closes the connection once some of it is there: bytes that the cell has not read by then are lost with the connection.</summary>
    private async Task CutOffAsync(string id, string digest, byte[] content, int bytes, Func<Task> some)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", fixture.Cell.Cell.Http);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /v1/uploads/{id}/files/{digest}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {fixture.Cell.OperatorKey}\r\nContent-Length: {content.Length}\r\n\r\n"));
        await stream.WriteAsync(content.AsMemory(0, bytes));
        await some();
    }
}
