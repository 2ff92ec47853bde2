using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Json;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Reads an inference request in each of its REST forms: JSON, JSON with binary tensors behind it, or one input's raw bytes.</summary>
internal sealed class InferBodyReader(ModelLookup models, TensorPool pool)
{
    public async ValueTask<InferenceFailure?> ReadAsync(HttpRequest request, RequestBody body, string model, int? version, InferDraft draft, CancellationToken cancellationToken)
    {
        string? header = request.Headers[ProtocolHeaders.InferenceHeaderLength];
        if (header is null) return await ReadJsonAsync(body, draft, cancellationToken);
        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var jsonBytes)) return BadHeader("must be a whole number of 0 or more, below 2147483648");
        if (body.Length is { } length && jsonBytes > length) return BadHeader($"says {jsonBytes} bytes of JSON, but the body has {length}");
        return jsonBytes == 0
            ? await ReadRawAsync(body, model, version, draft, cancellationToken)
            : await ReadMixedAsync(body, jsonBytes, draft, cancellationToken);
    }

    private async ValueTask<InferenceFailure?> ReadJsonAsync(RequestBody body, InferDraft draft, CancellationToken cancellationToken)
    {
        var (content, failure) = await body.ReadAllAsync(pool, cancellationToken);
        if (content is null) return failure;
        using (content)
        {
            return InferBody.Read(content.Span, draft, pool) ?? RefuseMissingBinary(draft);
        }
    }

    private async ValueTask<InferenceFailure?> ReadMixedAsync(RequestBody body, int jsonBytes, InferDraft draft, CancellationToken cancellationToken)
    {
        if (jsonBytes > body.BytesMax) return Bad.TooLarge(jsonBytes);
        using (var json = pool.Rent(jsonBytes))
        {
            if (!await body.FillAsync(json.Memory, cancellationToken)) return BadHeader($"says {jsonBytes} bytes of JSON, but the body has {body.BytesRead}");
            if (InferBody.Read(json.Span, draft, pool) is { } failure) return failure;
        }

        return CheckTotal(body, draft) ?? await ReadTensorsAsync(body, draft, cancellationToken);
    }

    private async ValueTask<InferenceFailure?> ReadTensorsAsync(RequestBody body, InferDraft draft, CancellationToken cancellationToken)
    {
        foreach (var input in draft.Inputs)
        {
            if (input.BinaryBytes is not { } bytes) continue;
            input.Data = pool.Rent((int)bytes);
            if (!await body.FillAsync(input.Data.Memory, cancellationToken)) return Bad.Input($"Tensor '{input.Name}': binary_data_size is {bytes}, but the body ends before.");
            if (input.CheckContent() is { } failure) return failure;
        }

        return await body.AtEndAsync(cancellationToken) ? null : Bad.Input("The body goes on after the last binary tensor; the sizes of binary_data_size must add up to it.");
    }

    private async ValueTask<InferenceFailure?> ReadRawAsync(RequestBody body, string model, int? version, InferDraft draft, CancellationToken cancellationToken)
    {
        if (models.FindInputs(model, version, out var inputs) is { } unknown) return unknown;
        if (inputs.Count != 1) return Bad.Input($"A raw body needs a model with one input; '{model}' has {inputs.Count}. Send JSON with binary tensor data.");
        var (content, failure) = await body.ReadAllAsync(pool, cancellationToken);
        if (content is null) return failure;
        draft.Parameters.Set("binary_data_output", ParameterValue.Of(true));
        var input = new InputDraft { Name = inputs[0].Name, DataType = inputs[0].DataType, Data = content };
        draft.Inputs.Add(input);
        return RawInput.Complete(input, inputs[0], pool);
    }

    /// <summary>The sizes are added up before memory is taken for them.</summary>
    private static InferenceFailure? CheckTotal(RequestBody body, InferDraft draft)
    {
        var total = body.BytesRead;
        foreach (var input in draft.Inputs) total += input.BinaryBytes ?? 0;
        if (total > body.BytesMax) return Bad.TooLarge(total);
        return body.Length is { } length && total != length ? Bad.Input($"The JSON part and the tensors of binary_data_size take {total} bytes; the body has {length}.") : null;
    }

    private static InferenceFailure? RefuseMissingBinary(InferDraft draft)
    {
        foreach (var input in draft.Inputs)
        {
            if (input.Data is null) return Bad.Input($"Tensor '{input.Name}' has binary_data_size, but the request has no {ProtocolHeaders.InferenceHeaderLength} header.");
        }

        return null;
    }

    private static InferenceFailure BadHeader(string why) => Bad.Input($"{ProtocolHeaders.InferenceHeaderLength} {why}.");
}
