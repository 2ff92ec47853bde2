using System.Text;
using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>What the specification publishes and what its reference implementation signed.</summary>
public sealed class GoldenBundleTests
{
    private const string KeyId = "e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e";

    [SkippableFact]
    public void Reference_key_has_the_id_that_the_specification_names() => Assert.Equal(KeyId, ReferenceKey().KeyId);

    [SkippableFact]
    public void Reference_bundle_of_the_older_form_verifies_with_its_key()
    {
        var verdict = BundleSignature.Verify(GoldenFiles.Read("reference/key/model.sig"), [ReferenceKey()]);

        Assert.Null(verdict.Problem);
        Assert.Equal("v1.0.1-elliptic-key", verdict.Statement!.Subject);
        Assert.Equal("sha256:92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4", verdict.Statement.RootDigest);
        Assert.Equal(["signme-1", "signme-2"], verdict.Statement.Files.Select(f => f.Name));
        Assert.Equal(KeyId, verdict.Statement.KeyId);
    }

    /// <summary>That form has the PEM text where later ones have its hash, so the key that it names is known all the same.</summary>
    [SkippableFact]
    public void Reference_bundle_names_its_key_by_its_PEM_text()
    {
        Assert.NotNull(BundleSignature.ReadEnvelope(GoldenFiles.Read("reference/key/model.sig"), out var hint, out _));
        Assert.Equal(KeyId, hint);
    }

    [SkippableFact]
    public void Reference_bundle_says_nothing_of_what_it_left_out_so_the_caller_must()
    {
        var statement = BundleSignature.Verify(GoldenFiles.Read("reference/key/model.sig"), [ReferenceKey()]).Statement!;
        var found = new[] { "signme-1", "signme-2" }.ToDictionary(name => name, name => BundleDigests.Of(GoldenFiles.Read($"reference/key/{name}")));

        Assert.Empty(statement.IgnorePaths);
        Assert.Null(BundleFolderRules.CheckWhole(statement, found));
        found["ignore-me"] = BundleDigests.Of(GoldenFiles.Read("reference/key/ignore-me"));
        Assert.Equal(BundleRefusal.ExtraFile, BundleFolderRules.CheckWhole(statement, found)!.Refusal);
    }

    [SkippableFact]
    public void Key_vector_verifies_and_says_what_it_left_out()
    {
        var verdict = BundleSignature.Verify(GoldenFiles.Read("vectors/valid/key.bundle.json"), [ReferenceKey()]);

        Assert.Null(verdict.Problem);
        Assert.Contains("ignore-me", verdict.Statement!.IgnorePaths);
    }

    [SkippableTheory]
    [InlineData("valid/certificate", BundleRefusal.UnsupportedMethod, "'certificate'")]
    [InlineData("valid/sigstore", BundleRefusal.UnsupportedMethod, "'sigstore'")]
    [InlineData("invalid/empty", BundleRefusal.NotJson, "JSON")]
    [InlineData("invalid/missing-envelope", BundleRefusal.WrongShape, "'dsseEnvelope'")]
    [InlineData("invalid/missing-tlog-entries", BundleRefusal.WrongShape, "tlogEntries'")]
    [InlineData("invalid/missing-verification-material", BundleRefusal.WrongShape, "'verificationMaterial'")]
    [InlineData("invalid-payload/wrong-predicate", BundleRefusal.WrongSignature, "e8450dec4eb99dae")]
    public void Vector_is_refused_for_its_reason(string vector, BundleRefusal refusal, string place)
    {
        var problem = BundleSignature.Verify(GoldenFiles.Read($"vectors/{vector}.bundle.json"), [ReferenceKey()]).Problem;

        Assert.NotNull(problem);
        Assert.Equal(refusal, problem.Refusal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Its payload was exchanged after signing, so it falls at the signature; signed anew, it falls at the predicate.</summary>
    [SkippableFact]
    public void Payload_with_another_predicate_is_refused_even_when_it_is_signed()
    {
        var envelope = BundleSignature.ReadEnvelope(GoldenFiles.Read("vectors/invalid-payload/wrong-predicate.bundle.json"), out _, out _);
        using var forger = new Forger();

        var problem = BundleSignature.Verify(forger.Sign(envelope!.Payload), [forger.Public]).Problem;

        Assert.Equal(BundleRefusal.WrongType, problem!.Refusal);
        Assert.Contains("predicate type", problem.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Reference_bundle_is_refused_by_every_other_key()
    {
        using var other = new Forger();

        Assert.Equal(BundleRefusal.UnknownKey, BundleSignature.Verify(GoldenFiles.Read("reference/key/model.sig"), [other.Public]).Problem!.Refusal);
    }

    private static PublisherKey ReferenceKey() => PublisherKey.Read("key-public.pem", Encoding.UTF8.GetString(GoldenFiles.Read("reference/key-public.pem")), out _)!;
}
