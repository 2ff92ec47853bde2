using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>How reading a file of policy tests ended: the tests, or every error at once.</summary>
/// <param name="Tests">Null when there are errors.</param>
public sealed record PolicyTestReading(PolicyTestConfig? Tests, IReadOnlyList<ManifestError> Errors, IReadOnlyList<string> Lines);
