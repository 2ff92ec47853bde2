namespace OrleansHybrid.Client;

/// <summary>One class name with what the model says of it: a probability in [0, 1] where the model gives probabilities, else its score.</summary>
public readonly record struct LabelProbability(string Label, double Probability);
