using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing.Fit;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>How reading a feature's answers ended: the answers, or every error at once.</summary>
/// <param name="Answers">Null when there are errors.</param>
/// <param name="Errors">In the order of the file, each with its place where that is known.</param>
/// <param name="Lines">The errors as one line each.</param>
public sealed record FitReading(FitAnswers? Answers, IReadOnlyList<ManifestError> Errors, IReadOnlyList<string> Lines);
