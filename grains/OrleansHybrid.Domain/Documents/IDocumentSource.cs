namespace OrleansHybrid.Domain.Documents;

/// <summary>The documents that hold in this place now.</summary>
public interface IDocumentSource
{
    /// <summary>Immutable, replaced whole; cheap to read.</summary>
    DocumentSet Current { get; }

    /// <summary>Raised after <see cref="Current"/> was replaced. Handlers must be short.</summary>
    event Action? Changed;
}

/// <summary>Holds the documents of one place in memory. Whoever replaces them has verified them and written them down first.</summary>
public sealed class DocumentHolder : IDocumentSource
{
    private DocumentSet current = DocumentSet.Empty;

    public event Action? Changed;

    public DocumentSet Current => Volatile.Read(ref current);

    public void Replace(DocumentSet documents)
    {
        Volatile.Write(ref current, documents);
        Changed?.Invoke();
    }
}
