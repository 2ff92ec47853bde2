using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>How reading a policy ended: the policy, or every error at once.</summary>
/// <param name="Config">Null when there are errors.</param>
/// <param name="Policy">Null when there are errors.</param>
/// <param name="Errors">In the order of the file, each with its place; at most <see cref="Domain.Limits.ManifestErrorsMax"/>.</param>
/// <param name="Lines">The errors as one line each: <c>file:line:column path: expected …; came …. Remedy.</c></param>
public sealed record PolicyReading(PolicyConfig? Config, CompiledPolicy? Policy, IReadOnlyList<ManifestError> Errors, IReadOnlyList<string> Lines);
