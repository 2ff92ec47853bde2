namespace OrleansHybrid.Cli.Terminal;

/// <summary>What the program answers a script with.</summary>
internal static class ExitCodes
{
    /// <summary>It was done, or the answer is yes.</summary>
    public const int Ok = 0;

    /// <summary>It was understood and refused: the version, the key or the cell does not allow it.</summary>
    public const int Refused = 1;

    /// <summary>It was not understood, or something that it names is not there.</summary>
    public const int Usage = 2;
}
