namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a node is told to trust when it enrols.</summary>
public interface IEnrolmentTrust
{
    /// <summary>The farm's id; empty: not known here yet.</summary>
    string Farm { get; }

    /// <summary>The publishers whose bundles this cell takes.</summary>
    IReadOnlyList<PublisherText> Publishers { get; }
}

/// <param name="KeyId">By which signatures name the key.</param>
/// <param name="Pem">The public key.</param>
public sealed record PublisherText(string Name, string KeyId, string Pem);

/// <summary>A cell that trusts no publisher.</summary>
public sealed class NoPublishers : IEnrolmentTrust
{
    public string Farm => "";

    public IReadOnlyList<PublisherText> Publishers => [];
}
