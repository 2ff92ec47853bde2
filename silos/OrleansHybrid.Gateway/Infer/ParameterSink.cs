namespace OrleansHybrid.Gateway.Infer;

/// <summary>Takes one parameter; null: fine.</summary>
internal delegate InferenceFailure? ParameterSink(string name, in ParameterValue value);
