using Xunit;

namespace OrleansHybrid.Domain.Tests.House;

/// <summary>Domain ← Contracts ← Grains ← Silo; Domain ← Yaml ← Inference; Domain ← Links ← Gateway. Silo, Client and Cli wire them.</summary>
public sealed class DependencyGraphTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["OrleansHybrid.Domain"] = [],
        ["OrleansHybrid.Contracts"] = ["OrleansHybrid.Domain"],
        ["OrleansHybrid.Grains"] = ["OrleansHybrid.Contracts"],
        ["OrleansHybrid.Yaml"] = ["OrleansHybrid.Domain"],
        ["OrleansHybrid.Inference"] = ["OrleansHybrid.Yaml"],
        ["OrleansHybrid.Links"] = ["OrleansHybrid.Domain"],
        ["OrleansHybrid.Gateway"] = ["OrleansHybrid.Links"],
        ["OrleansHybrid.Silo"] = ["OrleansHybrid.Gateway", "OrleansHybrid.Grains", "OrleansHybrid.Inference"],
        ["OrleansHybrid.Client"] = ["OrleansHybrid.Inference", "OrleansHybrid.Links"],
        ["OrleansHybrid.Client.Orleans"] = ["OrleansHybrid.Contracts"],
        ["OrleansHybrid.Cli"] = ["OrleansHybrid.Client", "OrleansHybrid.Gateway"],
        ["BesideACell"] = ["OrleansHybrid.Client.Orleans"],
    };

    private static readonly Dictionary<string, string> OnlyHere = new()
    {
        ["Microsoft.ML.OnnxRuntime"] = "OrleansHybrid.Inference",
        ["Microsoft.Garnet"] = "OrleansHybrid.Silo",
        ["Grpc.Net.Client"] = "OrleansHybrid.Links",
        ["Grpc.AspNetCore.Server"] = "OrleansHybrid.Gateway",
        ["Microsoft.Orleans.Client"] = "OrleansHybrid.Client.Orleans",
    };

    [Fact]
    public void Product_projects_reference_only_what_the_design_allows()
    {
        var product = Checkout.ProjectReferences.Where(p => !IsTest(p.Key)).ToDictionary();

        Assert.Equal(Allowed.Keys.Order(), product.Keys.Order());
        Assert.All(product, p => Assert.Equal(Allowed[p.Key].Order(), p.Value));
    }

    [Fact]
    public void Packages_with_one_home_are_referenced_nowhere_else()
    {
        var strangers =
            from file in Checkout.Files
            where file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("models/", StringComparison.Ordinal)
            let project = Path.GetFileNameWithoutExtension(file)
            where !IsTest(project)
            from package in OnlyHere
            where package.Value != project && Checkout.Read(file).Contains($"Include=\"{package.Key}\"", StringComparison.Ordinal)
            select $"{project} references {package.Key}, which belongs to {package.Value}";

        Assert.Empty(strangers);
    }

    [Fact]
    public void Domain_has_no_input_output_no_clock_and_no_Orleans_runtime()
    {
        string[] banned = ["System.IO.File", "File.", "Directory.", "System.Net", "HttpClient", "DateTime.", "DateTimeOffset.UtcNow", "Stopwatch.", "Environment.TickCount", "Orleans.Runtime", "IGrainFactory"];
        var found =
            from file in Checkout.Files
            where file.StartsWith("grains/OrleansHybrid.Domain/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            from line in Checkout.Read(file).Split('\n').Select((text, number) => (text, number: number + 1))
            let code = line.text.TrimStart()
            where !code.StartsWith("//", StringComparison.Ordinal)
            from word in banned
            where System.Text.RegularExpressions.Regex.IsMatch(code, @"(?<![\w.])" + System.Text.RegularExpressions.Regex.Escape(word))
            select $"{file}:{line.number} uses {word}";

        Assert.Empty(found);
    }

    private static bool IsTest(string project) => project.EndsWith(".Tests", StringComparison.Ordinal) || project is "OrleansHybrid.Benchmarks" or "OrleansHybrid.FleetSimulator";
}
