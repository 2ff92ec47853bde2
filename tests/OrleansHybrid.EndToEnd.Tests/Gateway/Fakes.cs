using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

/// <summary>A tensor as the service saw it, copied out of its lease.</summary>
internal sealed record SeenTensor(string Name, TensorDataType DataType, TensorShape Shape, byte[] Data);

/// <summary>Answers every request with its own inputs, unless a test says otherwise.</summary>
internal sealed class FakeService(TensorPool pool) : IInferenceService
{
    public InferenceRequest? LastRequest { get; private set; }

    public ExplainRequest? LastExplain { get; private set; }

    public List<SeenTensor> LastInputs { get; private set; } = [];

    /// <summary>Instead of the echo.</summary>
    public Func<InferenceRequest, CancellationToken, ValueTask<InferenceResult>>? Answer { get; set; }

    public Provenance Provenance { get; set; } = new(Zone.Edge, "eu-west", "node-1", "echo", 2, "large", "sha256:ab", 7);

    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        LastInputs = [.. request.Inputs.Select(i => new SeenTensor(i.Name, i.DataType, i.Shape, i.Data.Span.ToArray()))];
        LastRequest = request;
        return Answer is null ? InferenceResult.Of(Echo(request)) : await Answer(request, cancellationToken);
    }

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken)
    {
        LastExplain = request;
        return ValueTask.FromResult(request.Model == "echo" ? new ExplainResult("""{"plan_version":1}""", null) : new ExplainResult(null, new InferenceFailure(FailureCode.ModelNotFound, "No such model.")));
    }

    public InferenceResponse Echo(InferenceRequest request) => Respond(
        [.. request.Inputs.Select(i => new Tensor(i.Name, i.DataType, i.Shape, pool.Copy(i.Data.Span)))]);

    public InferenceResponse Respond(params Tensor[] outputs) => new(
        outputs, Provenance, "yes", 0.875, false, true, "edge=chosen:floor", null,
        new RequestTimes(TimeSpan.FromMicroseconds(4), TimeSpan.Zero, TimeSpan.FromMilliseconds(1.5), TimeSpan.Zero, TimeSpan.Zero));
}

/// <summary>Models: <c>echo</c> (versions 1 and 2), <c>raw</c> ([-1,4] FP32), <c>text</c> ([1] BYTES), <c>broken</c> (no manifest).</summary>
internal sealed class FakeRepository : IModelRepository
{
    public List<string> Calls { get; } = [];

    public RepositoryState State { get; set; } = new(new Dictionary<string, ModelEntry>
    {
        ["echo"] = new("echo", new VersionPolicy(VersionPolicyKind.Specific, 0, [1, 2]), [Version("echo", 1, Ins), Version("echo", 2, Ins)]),
        ["raw"] = new("raw", VersionPolicy.Default, [Version("raw", 1, [new TensorSpec("x", TensorDataType.Fp32, new TensorShape(-1, 4))])]),
        ["text"] = new("text", VersionPolicy.Default, [Version("text", 1, [new TensorSpec("t", TensorDataType.Bytes, new TensorShape(-1))])]),
        ["broken"] = new("broken", VersionPolicy.Default, [new VersionEntry(1, VersionState.Unavailable, null, [], "model.yaml: inputs are missing", false)]),
    });

    public event Action? Changed;

    public ValueTask<RepositoryOutcome> LoadAsync(string model, int? version, CancellationToken cancellationToken) => Note("load", model, version);

    public ValueTask<RepositoryOutcome> UnloadAsync(string model, int? version, CancellationToken cancellationToken) => Note("unload", model, version);

    private static TensorSpec[] Ins => [new TensorSpec("x", TensorDataType.Fp32, new TensorShape(-1, 3)), new TensorSpec("n", TensorDataType.Int64, new TensorShape(-1))];

    private static VersionEntry Version(string model, int version, TensorSpec[] inputs) => new(version, VersionState.Ready, Manifest(model, version, inputs), [], "", false);

    private static ModelManifest Manifest(string model, int version, TensorSpec[] inputs) => new(
        model, version, "", "Apache-2.0", inputs, [new TensorSpec("probabilities", TensorDataType.Fp32, new TensorShape(-1, 3), ["no", "yes", "maybe"])], null, PrivacyCeiling.Any, null,
        new BatchingSettings(8, [4], TimeSpan.FromMicroseconds(500), 64), [new VariantManifest("large", "large.onnx", [Zone.Cloud], 1, 1, "sha256:ab", 10, new InstanceSettings(2, 1))], "sha256:cd");

    private ValueTask<RepositoryOutcome> Note(string what, string model, int? version)
    {
        Calls.Add($"{what} {model} {version}");
        Changed?.Invoke();
        return ValueTask.FromResult(State.Models.ContainsKey(model) ? RepositoryOutcome.Success : new RepositoryOutcome(new InferenceFailure(FailureCode.ModelNotFound, "No such model.")));
    }
}

internal sealed class FakeEngine : IInferenceEngine
{
    public EngineState State { get; init; } = EngineState.Empty;

    public ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>No token: reads and infers. <c>op</c>: everything. <c>link</c>: a cell below. <c>view</c>: reads. Anything else is refused.</summary>
internal sealed class FakeAuthenticator : ICallerAuthenticator
{
    public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken) => ValueTask.FromResult(credential.Bearer switch
    {
        null => AuthenticationOutcome.Of(new CallerIdentity("default", CallerRoles.Viewer | CallerRoles.Infer, false)),
        "op" => AuthenticationOutcome.Of(new CallerIdentity("ops", CallerRoles.Viewer | CallerRoles.Infer | CallerRoles.Operator, false)),
        "link" => AuthenticationOutcome.Of(new CallerIdentity("default", CallerRoles.Infer, true)),
        "view" => AuthenticationOutcome.Of(new CallerIdentity("reader", CallerRoles.Viewer, false)),
        _ => AuthenticationOutcome.Of(new InferenceFailure(FailureCode.Unauthenticated, "This key is not known.")),
    });
}
