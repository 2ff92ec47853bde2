using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Parameters of one requested output; unknown names are ignored as the protocol allows.</summary>
internal static class OutputParameters
{
    public static InferenceFailure? Set(OutputWanted output, string name, in ParameterValue value)
    {
        switch (name)
        {
            case "binary_data":
                if (value.Kind != ParameterKind.Flag) return Bad.Input($"Parameter binary_data of an output must be true or false; {value} came.");
                output.Binary = value.Flag;
                return null;
            case "classification":
                if (value.Kind != ParameterKind.Whole || value.Whole is < 1 or > int.MaxValue) return Bad.Input($"Parameter classification of an output must be a whole number from 1; {value} came.");
                output.Classes = (int)value.Whole;
                return null;
            default:
                return SharedMemory.Check(name);
        }
    }
}
