using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Silo.Admin;

/// <summary>A policy that is tried and not applied.</summary>
internal static class DraftPolicy
{
    private static readonly JsonSerializerOptions Form = new(RecordJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <param name="draft">The policy as an object, or its text.</param>
    public static PolicyCompilation Read(JsonElement draft)
    {
        try
        {
            var text = draft.ValueKind == JsonValueKind.String ? draft.GetString()! : draft.GetRawText();
            return PolicyCompiler.Compile(JsonSerializer.Deserialize<PolicyConfig>(Encoding.UTF8.GetBytes(text), Form) ?? new PolicyConfig());
        }
        catch (JsonException wrong)
        {
            return new PolicyCompilation(null, [new PolicyError(wrong.Path ?? "policy", "This is not a policy.", "Write the policy as its reference shows it.")]);
        }
    }
}
