using System.Buffers;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Reads <c>ModelInferRequest</c>; tensor bytes go from the message straight into leases.</summary>
internal sealed class RpcInferMessage(InferDraft draft, TensorPool pool)
{
    private readonly List<RpcContents> contents = [];
    private readonly List<ReadOnlySequence<byte>> raw = [];

    public string Model { get; private set; } = "";

    public string Version { get; private set; } = "";

    public InferenceFailure? Read(ReadOnlySequence<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next(out var field, out var wire))
        {
            if (ReadField(ref reader, field, wire) is { } failure) return failure;
            if (reader.Malformed) break;
        }

        if (reader.Malformed) return Broken("ModelInferRequest");
        if (draft.Inputs.Count == 0) return Bad.Input("The request has no inputs.");
        return draft.CheckNames() ?? FillTensors();
    }

    private InferenceFailure? ReadField(ref ProtoReader reader, int field, int wire)
    {
        if (wire != ProtoReader.BytesWire || field is < 1 or > 7)
        {
            reader.Skip(wire);
            return null;
        }

        if (field <= 3)
        {
            if (!reader.Text(out var text)) return null;
            if (text.Length > Limits.NameCharsMax) return Bad.Input($"A name of the request has more than {Limits.NameCharsMax} characters.");
            if (field == 1) Model = text;
            else if (field == 2) Version = text;
            else draft.Id = text;
            return null;
        }

        if (!reader.Bytes(out var slice)) return null;
        return field switch
        {
            4 => RpcParameters.Read(slice, draft.Parameters.Set),
            5 => ReadInput(slice),
            6 => ReadOutput(slice),
            _ => AddRaw(slice),
        };
    }

    private InferenceFailure? AddRaw(ReadOnlySequence<byte> slice)
    {
        raw.Add(slice);
        return raw.Count <= Limits.TensorsPerRequestMax ? null : Bad.Input($"The request has more than {Limits.TensorsPerRequestMax} entries of raw_input_contents.");
    }

    private InferenceFailure? ReadInput(ReadOnlySequence<byte> slice)
    {
        var input = new InputDraft();
        if (draft.AddInput(input) is { } tooMany) return tooMany;
        var reader = new RpcInputReader(input);
        if (reader.Read(slice) is { } failure) return failure;
        contents.Add(reader.Contents);
        return null;
    }

    private InferenceFailure? ReadOutput(ReadOnlySequence<byte> slice)
    {
        if (draft.Outputs.Count == Limits.TensorsPerRequestMax) return Bad.Input($"The request names more than {Limits.TensorsPerRequestMax} outputs.");
        var output = new OutputWanted();
        draft.Outputs.Add(output);
        var reader = new ProtoReader(slice);
        while (!reader.Malformed && reader.Next(out var field, out var wire))
        {
            if (field == 1 && wire == ProtoReader.BytesWire)
            {
                if (reader.Text(out var name)) output.Name = name;
            }
            else if (field == 2 && wire == ProtoReader.BytesWire)
            {
                if (reader.Bytes(out var entry) && RpcParameters.Read(entry, (key, in value) => OutputParameters.Set(output, key, value)) is { } failure) return failure;
            }
            else
            {
                reader.Skip(wire);
            }
        }

        if (reader.Malformed) return Broken("InferRequestedOutputTensor");
        return output.Name.Length > 0 ? null : Bad.Input("An entry of outputs has no name.");
    }

    private InferenceFailure? FillTensors()
    {
        if (raw.Count > 0 && raw.Count != draft.Inputs.Count) return Bad.Input($"raw_input_contents has {raw.Count} entries for {draft.Inputs.Count} inputs; it needs one for each.");
        for (var i = 0; i < draft.Inputs.Count; i++)
        {
            var failure = raw.Count > 0 ? FillRaw(draft.Inputs[i], contents[i], raw[i]) : contents[i].Fill(draft.Inputs[i], pool);
            if (failure is not null) return failure;
        }

        return null;
    }

    private InferenceFailure? FillRaw(InputDraft input, RpcContents typed, ReadOnlySequence<byte> bytes)
    {
        if (!typed.IsEmpty) return Bad.Input($"Tensor '{input.Name}' has contents and raw_input_contents; send one.");
        if (input.CheckBinaryLength(bytes.Length) is { } wrong) return wrong;
        input.Data = pool.Rent((int)bytes.Length);
        bytes.CopyTo(input.Data.Span);
        return input.CheckContent();
    }

    internal static InferenceFailure Broken(string what) => Bad.Input($"The message is not a valid {what}: a field is cut off, too long or not UTF-8.");
}
