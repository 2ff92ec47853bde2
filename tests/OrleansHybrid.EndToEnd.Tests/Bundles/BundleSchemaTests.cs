using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using OrleansHybrid.Links.Bundles.Signing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>What is signed here follows the schemas that the specification publishes (a folder <c>shared/oms</c> above; skipped where it is absent).</summary>
public sealed class BundleSchemaTests
{
    private static readonly string? Folder = Find();
    private static readonly Lazy<(JsonSchema Bundle, JsonSchema Statement)> Schemas = new(Load);

    [SkippableTheory]
    [InlineData(PublisherCurve.P256)]
    [InlineData(PublisherCurve.P384)]
    public async Task Signature_follows_the_schemas_of_bundle_envelope_statement_and_predicate(PublisherCurve curve)
    {
        Skip.If(Folder is null, "no folder shared/oms above the tests");
        using var publisher = new Publisher(curve);

        var signed = await publisher.SignAsync("probes");

        Assert.Null(signed.Problem);
        var bundle = JsonNode.Parse(signed.Signature)!.AsObject();
        AssertValid(Schemas.Value.Bundle, bundle);
        AssertValid(Schemas.Value.Statement, PayloadOf(bundle));
        Assert.Equal("", (string)bundle["dsseEnvelope"]!["signatures"]![0]!["keyid"]!);
        Assert.Equal(publisher.Key.KeyId, (string)bundle["verificationMaterial"]!["publicKey"]!["hint"]!);
    }

    [SkippableTheory]
    [InlineData("valid/key", true)]
    [InlineData("valid/certificate", true)]
    [InlineData("valid/sigstore", true)]
    [InlineData("invalid/missing-envelope", false)]
    [InlineData("invalid/missing-verification-material", false)]
    [InlineData("invalid/missing-tlog-entries", false)]
    public void Schemas_tell_the_vectors_apart(string vector, bool valid)
    {
        Skip.If(Folder is null, "no folder shared/oms above the tests");
        var bundle = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder!, "vectors", vector + ".bundle.json")))!;

        Assert.Equal(valid, Evaluate(Schemas.Value.Bundle, bundle).IsValid);
    }

    [SkippableFact]
    public void Schema_of_the_statement_refuses_another_predicate()
    {
        Skip.If(Folder is null, "no folder shared/oms above the tests");
        var bundle = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder!, "vectors", "invalid-payload", "wrong-predicate.bundle.json")))!.AsObject();

        Assert.False(Evaluate(Schemas.Value.Statement, PayloadOf(bundle)).IsValid);
    }

    private static JsonNode PayloadOf(JsonObject bundle) => JsonNode.Parse(Convert.FromBase64String((string)bundle["dsseEnvelope"]!["payload"]!))!;

    private static EvaluationResults Evaluate(JsonSchema schema, JsonNode node) =>
        schema.Evaluate(JsonSerializer.SerializeToElement(node), new EvaluationOptions { OutputFormat = OutputFormat.List });

    private static void AssertValid(JsonSchema schema, JsonNode node)
    {
        var results = Evaluate(schema, node);
        var errors = (results.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"));
        Assert.True(results.IsValid, string.Join('\n', errors));
    }

    /// <summary>In the order in which they refer to one another.</summary>
    private static (JsonSchema Bundle, JsonSchema Statement) Load()
    {
        var byName = new Dictionary<string, JsonSchema>();
        foreach (var name in new[] { "predicate", "statement", "envelope", "bundle" }) byName[name] = JsonSchema.FromText(File.ReadAllText(Path.Combine(Folder!, "schemas", name + ".schema.json"), Encoding.UTF8));
        return (byName["bundle"], byName["statement"]);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "oms");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
