using CsCheck;

namespace OrleansHybrid.EndToEnd.Tests.Links;

internal static class Gens
{
    /// <summary>One of these values, all as likely.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
