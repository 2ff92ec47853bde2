using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Push;

/// <summary>A version on its way to the farm's authority: what its publisher signed, and how large each file is said to be.</summary>
/// <param name="Bundle">The statement's root digest.</param>
/// <param name="Signature">The bytes of <c>model.sig</c>; verified when it was begun, and again when it is committed.</param>
/// <param name="Files">Every signed file, ascending by name.</param>
/// <param name="Who">Began it.</param>
public sealed record Upload(string Id, ModelVersionKey Version, string Bundle, byte[] Signature, IReadOnlyList<CatalogueFile> Files, string Who, DateTimeOffset Expires)
{
    private const string Prefix = "up-";
    private const int IdBytes = 16;

    public BlobReference SignatureBlob => new(BundleDigests.Of(Signature), Signature.Length);

    /// <summary>The same for the same content under the same number, so that a push which is begun again goes on where it was.</summary>
    public static string IdOf(ModelVersionKey version, string bundle) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{version}\n{bundle}")).AsSpan(0, IdBytes));

    public static bool IsId(string text) => text.Length == Prefix.Length + (2 * IdBytes) && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    public CatalogueFile? Find(string digest) => Files.FirstOrDefault(f => f.Blob.Digest == digest);
}
