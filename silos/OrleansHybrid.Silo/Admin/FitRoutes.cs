using System.Globalization;
using System.Net;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>POST /v1/models/{model}:fit</c>: where a feature belongs, from its answers and what this silo measures. <c>Accept: text/markdown</c> gives one readable document.</summary>
internal static class FitRoutes
{
    private const string Markdown = "text/markdown";

    public static IServiceCollection AddFit(this IServiceCollection services) => services
        .AddSingleton(s => new FitMeter(
            s.GetRequiredService<IInferenceEngine>(), s.GetRequiredService<ISnapshotSource>(), s.GetRequiredService<TensorPool>(), s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)))
        .AddSingleton<FitDesk>();

    public static void MapFit(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/models/{model}:fit", AnswerAsync)
            .WithName("FitModel").WithSummary("Where a feature belongs: the fit matrix, a verdict, a policy draft and three notes. Answers as JSON or YAML.")
            .Accepts<object>("application/json", "application/yaml").Produces<FitView>().Produces<FitProblem>(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> AnswerAsync(string model, int? version, HttpContext http, IModelRepository repository, FitDesk desk)
    {
        if (repository.State.Models.GetValueOrDefault(model) is not { } entry) return NoModel(model, repository);
        var found = version is { } wanted ? entry.Find(wanted) : entry.Default ?? entry.Versions.LastOrDefault();
        if (found?.Manifest is not { } manifest) return AdminProblem.Of(HttpStatusCode.NotFound, $"Model '{model}' has no such version that can be read here. GET /v1/models lists what there is, with the reasons.");
        if (await ReadBodyAsync(http) is not { } body) return AdminProblem.Of(HttpStatusCode.RequestEntityTooLarge, $"Expected at most {Limits.ManifestBytesMax} bytes of answers. Keep data out of them.");
        var reading = IsYaml(http) ? FitReader.Read(body, "answers") : FitReader.ReadJson(body, "answers");
        if (reading.Answers is not { } answers) return Results.Json(FitProblem.Of(reading.Errors, reading.Lines), statusCode: StatusCodes.Status422UnprocessableEntity);
        if (answers.Model.Length > 0 && answers.Model != model) return AdminProblem.Of(HttpStatusCode.UnprocessableEntity, $"answers model: expected '{model}', which is asked; came '{answers.Model}'. Correct it, or ask /v1/models/{answers.Model}:fit.");
        return await desk.ComputeAsync(answers, manifest, http.RequestAborted) is { } done ? Render(http, done.Sheet, done.DraftYaml) : Busy(http);
    }

    private static IResult Render(HttpContext http, FitWorksheet sheet, string draftYaml) =>
        http.Request.Headers.Accept.ToString().Contains(Markdown, StringComparison.OrdinalIgnoreCase)
            ? Results.Text(FitMarkdown.Write(sheet, draftYaml), Markdown, Encoding.UTF8)
            : Results.Ok(FitView.Of(sheet, draftYaml));

    private static IResult NoModel(string model, IModelRepository repository)
    {
        var near = Spelling.Nearest(model, repository.State.Models.Keys) is { } meant ? $" Did you mean '{meant}'?" : " GET /v1/models lists what there is.";
        return AdminProblem.Of(HttpStatusCode.NotFound, $"Model '{model}' was not found.{near}");
    }

    private static IResult Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = ((int)Limits.FitRunTimeMax.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return AdminProblem.Of(HttpStatusCode.TooManyRequests, "Another worksheet is being computed on this silo, and its runs would be timed together with yours. Try again in a moment.");
    }

    private static bool IsYaml(HttpContext http) => http.Request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Null when it is longer than answers can be.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > Limits.ManifestBytesMax) return null;
        }

        return body.ToArray();
    }
}

/// <summary>Computes worksheets, as many at once as their timings stay honest.</summary>
internal sealed class FitDesk(FitMeter meter, PolicyHolder policy, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim places = new(Limits.FitsAtOnceMax);

    /// <summary>Null when all places are taken.</summary>
    public async ValueTask<(FitWorksheet Sheet, string DraftYaml)?> ComputeAsync(FitAnswers answers, ModelManifest manifest, CancellationToken cancellationToken)
    {
        if (!await places.WaitAsync(TimeSpan.Zero, cancellationToken)) return null;
        try
        {
            var figures = await meter.MeasureAsync(manifest, answers.InputBytes, cancellationToken);
            var sheet = FitRules.Compute(answers, figures, Current(), clock.GetUtcNow());
            return (sheet, sheet.Draft is { } draft ? PolicyWriter.Write(draft.Policy) : "");
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    /// <summary>The policy in force as its author wrote it; empty before any.</summary>
    private PolicyConfig Current() => policy.Document is { } document
        ? PolicyReader.Read(Encoding.UTF8.GetBytes(document.Text), document.Name).Config ?? new PolicyConfig { Revision = document.Revision }
        : new PolicyConfig { Revision = policy.Current.Revision };
}
