using System.Globalization;
using System.Text;
using OrleansHybrid.Gateway.Json;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class JsonNumberTests
{
    public static TheoryData<string> Texts { get; } =
    [
        "0", "-0", "1", "-1", "0.1", "1e5", "1E+5", "1e-5", "123456789012345678901234567890", "0.000000000000000000000000000001", "1e-45", "1.4e-45", "7e-46", "1.17549435e-38",
        "3.4028235e38", "16777217", "16777219", "1.00000017881393432617187499", "1.00000017881393432617187500", "1.00000017881393432617187501", "0.12345679104328156", "9007199254740993",
        "9007199254740992.9999999999", "2.2250738585072011e-308", "5e-324", "1.7976931348623157e308", "0e999999999", "99999999999999999999e-20", "0.30000001192092896", "12345678.12345678",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Number_is_rounded_as_the_platform_rounds_it(string text) => AssertSame(text);

    [Fact]
    public void Any_bits_written_in_any_precision_come_back_rounded_right()
    {
        var random = new Random(20);
        for (var i = 0; i < 40_000; i++)
        {
            var single = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (float.IsFinite(single)) AssertSame(single.ToString(i % 2 == 0 ? "R" : "E12", CultureInfo.InvariantCulture));
            if (float.IsFinite(single)) AssertSame(((double)single).ToString("R", CultureInfo.InvariantCulture));
            AssertSame(random.NextDouble().ToString($"F{1 + (i % 20)}", CultureInfo.InvariantCulture));

            // Exactly between two floats, and a hair beside.
            var half = (decimal)random.Next(1 << 23, 1 << 24) + 0.5m;
            AssertSame(half.ToString(CultureInfo.InvariantCulture));
            AssertSame((half + 0.0000000001m).ToString(CultureInfo.InvariantCulture));
            AssertSame((half - 0.0000000001m).ToString(CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void Text_outside_jsons_grammar_is_no_number(string text) => Assert.False(JsonNumbers.TryScan(Encoding.UTF8.GetBytes(text), out _) || JsonNumbers.TryUsualFloat(Encoding.UTF8.GetBytes(text), out _, out _));

    private static void AssertSame(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text + ",1");
        Assert.True(JsonNumbers.TryScan(utf8, out var scan), text);
        Assert.Equal(text.Length, scan.Length);
        var single = float.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(float.IsFinite(single), JsonNumbers.TryFloat(utf8, scan, out var asSingle));
        if (float.IsFinite(single)) Assert.True(BitConverter.SingleToInt32Bits(single) == BitConverter.SingleToInt32Bits(asSingle), $"{text}: {single:R} {asSingle:R}");
        if (JsonNumbers.TryUsualFloat(utf8, out var usual, out var length))
        {
            Assert.Equal(text.Length, length);
            Assert.True(BitConverter.SingleToInt32Bits(single) == BitConverter.SingleToInt32Bits(usual), $"{text}: {single:R} {usual:R}");
        }

        var full = double.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(double.IsFinite(full), JsonNumbers.TryDouble(utf8, scan, out var asDouble));
        if (double.IsFinite(full)) Assert.True(BitConverter.DoubleToInt64Bits(full) == BitConverter.DoubleToInt64Bits(asDouble), $"{text}: {full:R} {asDouble:R}");
    }
}
