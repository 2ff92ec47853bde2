using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Documents;
using OrleansHybrid.Silo.Settings;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>What a silo writes into the audit log of the documents that it is given.</summary>
public sealed class DocumentAuditTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DocumentSigner signer = new();
    private readonly Recorder audit = new();
    private readonly DocumentHolder holder = new();
    private readonly ServiceProvider services;

    public DocumentAuditTests() => services = new ServiceCollection().AddMetrics().AddSingleton<IAuditLog>(audit).BuildServiceProvider();

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Accepted_and_refused_documents_are_entries_and_a_refusal_is_one_entry()
    {
        using var keeper = Keeper();
        byte[][] endorsements = [signer.Endorsement()];
        var old = signer.Document(3);

        Assert.Equal(0, await keeper.TakeAsync([signer.Document(5)], endorsements, "above", default));
        Assert.Equal(1, await keeper.TakeAsync([old], endorsements, "above", default));
        Assert.Equal(1, await keeper.TakeAsync([old], endorsements, "above", default));

        Assert.Equal(
            [(AuditVerbs.DocumentAccept, "catalogue/keyword", "", "revision 5"), (AuditVerbs.DocumentRefused, "catalogue/keyword", "revision 5", "revision 5")],
            audit.Changes.Select(c => (c.What, c.Subject, c.From, c.To)));
        Assert.Contains("OldRevision", audit.Changes[1].Why, StringComparison.Ordinal);
        Assert.Equal(5, holder.Current.Revision);
    }

    [Fact]
    public async Task Document_whose_entry_cannot_be_written_is_not_taken()
    {
        using var keeper = Keeper();
        audit.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => keeper.TakeAsync([signer.Document(5)], [signer.Endorsement()], "above", default));
        Assert.Empty(holder.Current.Documents);

        audit.Fails = false;
        await keeper.TakeAsync([signer.Document(5)], [signer.Endorsement()], "above", default);
        Assert.Equal(5, holder.Current.Revision);
    }

    [Fact]
    public async Task Tampered_file_is_an_entry_at_the_start_and_the_rest_holds()
    {
        using (var before = Keeper()) await before.TakeAsync([signer.Document(5), signer.Document(6, "vibration")], [signer.Endorsement()], "above", default);
        var file = Directory.EnumerateFiles(folder.Sub("documents"), "document-*").First();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^9]);
        audit.Changes.Clear();

        using var keeper = Keeper();
        await keeper.LoadAsync(default);

        Assert.Single(holder.Current.Documents);
        Assert.Equal((AuditVerbs.DocumentRefused, Path.GetFileName(file)), (Assert.Single(audit.Changes).What, audit.Changes[0].Subject));
    }

    [Fact]
    public async Task Expired_document_is_one_entry()
    {
        using var keeper = Keeper();
        await keeper.TakeAsync([signer.Document(5)], [signer.Endorsement()], "above", default);
        var told = Told();
        audit.Changes.Clear();
        var later = TimeProvider.System.GetUtcNow().AddDays(31);

        await told.ExpiredAsync(holder.Current, later, _ => Task.FromResult(true), default);
        await told.ExpiredAsync(holder.Current, later.AddDays(1), _ => Task.FromResult(true), default);

        Assert.Equal(AuditVerbs.DocumentExpired, Assert.Single(audit.Changes).What);
    }

    /// <summary>Nothing here asks the cell, so there is none.</summary>
    private DocumentKeeper Keeper()
    {
        signer.WritePublisher(folder.Sub("publishers"));
        var errors = new SettingErrors();
        var settings = SettingsReader.Read(CommandLineSettings.Parse(["--data", folder.Sub("data")], errors), new Dictionary<string, string>(), folder.Path, errors)!.Cells[0];
        return new DocumentKeeper(settings, holder, new DocumentStore(folder.Sub("documents")), new PublisherFolder(folder.Sub("publishers"), _ => { }), Told(), null!, TimeProvider.System, NullLogger<DocumentKeeper>.Instance);
    }

    private DocumentTold Told() => new(services, services.GetRequiredService<IMeterFactory>(), holder, TimeProvider.System, NullLogger<DocumentTold>.Instance);

    private sealed class Recorder : IAuditLog
    {
        public List<AuditChange> Changes { get; } = [];

        public bool Fails { get; set; }

        public ValueTask AppendAsync(AuditChange change, CancellationToken cancellationToken)
        {
            if (Fails) throw new IOException("The disk is full.");
            Changes.Add(change);
            return ValueTask.CompletedTask;
        }
    }
}
