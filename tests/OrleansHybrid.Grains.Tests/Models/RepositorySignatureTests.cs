using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains.Tests.Bundles;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Signatures of versions in plain roots, and in the bundle store's.</summary>
public sealed class RepositorySignatureTests : IDisposable
{
    private readonly StoreFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Signed_folder_is_verified_where_its_publisher_is_trusted()
    {
        var version = await fixture.Source.PublishAsync(1);
        var (entry, _) = await LoadPlainAsync();
        Assert.Equal((VersionState.Ready, VersionSignature.Verified(fixture.Source.Publisher.KeyId, version.Bundle)), (entry.State, entry.Signature));
    }

    [Fact]
    public async Task Signed_folder_is_unverified_where_nobody_is_trusted_and_refused_where_signatures_are_required()
    {
        await fixture.Source.PublishAsync(1);
        fixture.Trusted = [];
        Assert.Equal((VersionState.Ready, VersionSignature.Unverified), await StateAsync());
        var (entry, _) = await LoadPlainAsync(required: true);
        Assert.Contains("UnknownKey", entry.Reason);
    }

    [Fact]
    public async Task Unsigned_folder_is_served_as_such_unless_signatures_are_required()
    {
        await fixture.Source.PublishAsync(1);
        File.Delete(fixture.Source.PathOf(1, "model.sig"));
        Assert.Equal((VersionState.Ready, VersionSignature.None), await StateAsync());
        var (entry, engine) = await LoadPlainAsync(required: true);
        Assert.Contains("Unsigned", entry.Reason);
        Assert.Empty(engine.Loads);
    }

    [Theory]
    [InlineData("tiny-int8.onnx", "tinY keyword 1", "AlteredFile: 'tiny-int8.onnx'")]
    [InlineData("large.onnx", "tinY keyword 1", "AlteredFile: 'large.onnx'")]
    [InlineData("labels.txt", "yes\nno\nstoP\n", "AlteredFile: 'labels.txt'")]
    [InlineData("probes/yes.txt", "", "AlteredFile: 'probes/yes.txt'")]
    [InlineData("extra.txt", "more", "ExtraFile: 'extra.txt'")]
    [InlineData("probes/yes.txt", null, "MissingFile: 'probes/yes.txt'")]
    [InlineData("model.yaml", null, "MissingFile: 'model.yaml'")]
    [InlineData("model.sig", "{}", "WrongType")]
    [InlineData("model.sig", "", "NotJson")]
    public async Task Tampered_folder_is_refused_with_its_own_reason(string file, string? content, string reason)
    {
        await fixture.Source.PublishAsync(1);
        if (content is null) File.Delete(fixture.Source.PathOf(1, file));
        else File.WriteAllText(fixture.Source.PathOf(1, file), content);
        var (entry, engine) = await LoadPlainAsync();
        Assert.Equal(VersionState.Unavailable, entry.State);
        Assert.Contains(reason, entry.Reason);
        Assert.Empty(engine.State.Variants);
        Assert.Equal(VersionSignature.None, entry.Signature);
    }

    [SkippableFact]
    public async Task Link_in_a_signed_folder_is_refused()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a right of their own there.");
        await fixture.Source.PublishAsync(1);
        File.Delete(fixture.Source.PathOf(1, "large.onnx"));
        File.CreateSymbolicLink(fixture.Source.PathOf(1, "large.onnx"), "tiny-int8.onnx");
        Assert.Contains("NotAFile: 'large.onnx'", (await LoadPlainAsync()).Entry.Reason);
    }

    [Fact]
    public async Task Signature_of_another_version_is_refused()
    {
        await fixture.Source.PublishAsync(1);
        await fixture.Source.PublishAsync(2);
        File.Copy(fixture.Source.PathOf(2, "model.sig"), fixture.Source.PathOf(1, "model.sig"), overwrite: true);
        Assert.Contains("AlteredFile", (await LoadPlainAsync(version: 1)).Entry.Reason);
    }

    [Fact]
    public async Task Version_folder_under_another_number_is_refused_by_its_manifest()
    {
        await fixture.Source.PublishAsync(1);
        Directory.Move(fixture.Source.VersionPath(1), fixture.Source.VersionPath(7));
        Assert.Contains("version", (await LoadPlainAsync(version: 7)).Entry.Reason);
    }

    [Fact]
    public async Task Part_of_a_version_has_the_digest_of_the_whole_and_the_sizes_of_the_catalogue()
    {
        var version = await fixture.Source.PublishAsync(1);
        var (whole, _) = await LoadPlainAsync();
        await fixture.StageAsync(version, "tiny-int8.onnx");
        var (repository, engine) = fixture.OpenRepository();
        Assert.Null((await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure);
        var part = repository.State.Models["keyword"].Find(1)!;
        Assert.Equal(whole.Manifest!.Digest, part.Manifest!.Digest);
        Assert.Equal(whole.Manifest.Variants.Select(v => (v.Name, v.Digest, v.FileBytes)), part.Manifest.Variants.Select(v => (v.Name, v.Digest, v.FileBytes)));
        Assert.Equal("tiny keyword 1", System.Text.Encoding.UTF8.GetString(Assert.Single(engine.Loads).Onnx.Span));
        Assert.Equal(VersionSignature.Verified(fixture.Source.Publisher.KeyId, version.Bundle), part.Signature);
    }

    [Theory]
    [InlineData("labels.txt", "labels.txt")]
    [InlineData("model.yaml", "MissingFile")]
    [InlineData("tiny-int8.onnx", "MissingFile")]
    [InlineData("model.sig", "Unsigned")]
    public async Task Part_without_a_file_that_it_needs_is_refused(string file, string reason)
    {
        await fixture.StageAsync(await fixture.Source.PublishAsync(1), "tiny-int8.onnx");
        File.Delete(fixture.PathOf("repository", "keyword", "1", file));
        var repository = Open(managed: true, required: false, choose: 0).Repository;
        Assert.Contains(reason, (await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure!.Message);
    }

    [Fact]
    public async Task File_beside_a_part_refuses_it()
    {
        await fixture.StageAsync(await fixture.Source.PublishAsync(1), "tiny-int8.onnx");
        File.WriteAllText(fixture.PathOf("repository", "keyword", "1", "evil.txt"), "x");
        Assert.Contains("ExtraFile: 'evil.txt'", (await fixture.OpenRepository().Repository.LoadAsync("keyword", null, CancellationToken.None)).Failure!.Message);
    }

    [Fact]
    public async Task Published_version_wins_over_a_local_one_of_its_number_and_joins_the_others()
    {
        var one = await fixture.Source.PublishAsync(1);
        var two = await fixture.Source.PublishAsync(2);
        await fixture.StageAsync(two, "tiny-int8.onnx");
        File.Delete(fixture.Source.PathOf(2, "model.sig"));
        var (repository, _) = fixture.OpenRepository(fixture.Source.Folder);
        Assert.Null((await repository.LoadAsync("keyword", 1, CancellationToken.None)).Failure);
        Assert.Null((await repository.LoadAsync("keyword", 2, CancellationToken.None)).Failure);
        Assert.Equal([one.Bundle, two.Bundle], repository.State.Models["keyword"].Versions.Select(v => v.Signature.Bundle));
        Assert.Contains(fixture.Notices, n => n.Contains("keyword: version 2 of --models is not served"));
    }

    [Fact]
    public async Task Version_that_is_tampered_with_while_it_serves_goes_on_as_it_was()
    {
        await fixture.StageAsync(await fixture.Source.PublishAsync(1), "tiny-int8.onnx");
        var (repository, engine) = fixture.OpenRepository();
        await repository.LoadAsync("keyword", null, CancellationToken.None);
        File.WriteAllText(fixture.PathOf("repository", "keyword", "1", "tiny-int8.onnx"), "other");
        Assert.NotNull((await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure);
        Assert.Equal(VersionState.Ready, repository.State.Models["keyword"].Find(1)!.State);
        Assert.Single(engine.Loads);
    }

    private async Task<(VersionState, VersionSignature)> StateAsync()
    {
        var (entry, _) = await LoadPlainAsync();
        return (entry.State, entry.Signature);
    }

    private async Task<(VersionEntry Entry, RepositoryEngine Engine)> LoadPlainAsync(bool required = false, int version = 1)
    {
        var (repository, engine) = Open(managed: false, required, choose: 0);
        await repository.LoadAsync("keyword", version, CancellationToken.None);
        return (repository.State.Models["keyword"].Find(version)!, engine);
    }

    private (ModelRepository Repository, RepositoryEngine Engine) Open(bool managed, bool required, int choose)
    {
        var engine = new RepositoryEngine();
        var settings = new RepositorySettings(managed ? [] : [fixture.Source.Folder], Zone.Edge, Path.Combine(fixture.Folder, "data"))
        {
            Managed = managed ? new ManagedRepository(fixture.Store.RepositoryRoot) : null,
            Trusted = fixture.Settings.Trusted,
            RequireSignature = required,
            Choose = (_, _) => choose,
        };
        return (new ModelRepository(settings, engine, ManifestSample.Scan), engine);
    }
}
