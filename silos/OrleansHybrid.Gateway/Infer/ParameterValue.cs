namespace OrleansHybrid.Gateway.Infer;

internal enum ParameterKind
{
    Text,
    Whole,
    Number,
    Flag,

    /// <summary>Null, an array or an object: nothing that a parameter can be.</summary>
    Other,
}

/// <summary>A request parameter's value, from JSON, gRPC or a header.</summary>
internal readonly record struct ParameterValue(ParameterKind Kind, string? Text = null, long Whole = 0, double Number = 0, bool Flag = false)
{
    public static ParameterValue Of(string text) => new(ParameterKind.Text, text);

    public static ParameterValue Of(long whole) => new(ParameterKind.Whole, Whole: whole, Number: whole);

    public static ParameterValue Of(double number) => new(ParameterKind.Number, Number: number);

    public static ParameterValue Of(bool flag) => new(ParameterKind.Flag, Flag: flag);

    public override string ToString() => Kind switch
    {
        ParameterKind.Text => $"'{(Text!.Length <= 64 ? Text : Text[..64])}'",
        ParameterKind.Whole => Whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ParameterKind.Number => Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ParameterKind.Flag => Flag ? "true" : "false",
        _ => "neither a string, a number nor a truth value",
    };
}
