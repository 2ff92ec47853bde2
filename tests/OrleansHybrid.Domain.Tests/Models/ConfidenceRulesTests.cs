using System.Runtime.InteropServices;
using CsCheck;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class ConfidenceRulesTests
{
    private static readonly string[] Abc = ["a", "b", "c"];

    // By hand. Entropy of (0.7, 0.2, 0.1): -(0.7 ln 0.7 + 0.2 ln 0.2 + 0.1 ln 0.1) = 0.249672 + 0.321888 + 0.230259 = 0.801819; ln 3 = 1.098612; 1 - 0.729848 = 0.270152.
    [Theory]
    [InlineData(ConfidenceRuleKind.Max, new[] { 0.7f, 0.2f, 0.1f }, 0.7)]
    [InlineData(ConfidenceRuleKind.Margin, new[] { 0.7f, 0.2f, 0.1f }, 0.5)]
    [InlineData(ConfidenceRuleKind.Entropy, new[] { 0.7f, 0.2f, 0.1f }, 0.270152)]
    [InlineData(ConfidenceRuleKind.Max, new[] { 0.2f, 0.2f, 0.6f, 0.1f, 0.8f, 0.1f }, 0.6)]
    [InlineData(ConfidenceRuleKind.Margin, new[] { 0.45f, 0.1f, 0.45f }, 0)]
    [InlineData(ConfidenceRuleKind.Margin, new[] { 0.1f, 0.3f, 0.6f }, 0.3)]
    [InlineData(ConfidenceRuleKind.Entropy, new[] { 1f / 3, 1f / 3, 1f / 3 }, 0)]
    [InlineData(ConfidenceRuleKind.Entropy, new[] { 0f, 1f, 0f }, 1)]
    [InlineData(ConfidenceRuleKind.Entropy, new[] { 0f, 0f, 0f }, 0)]
    [InlineData(ConfidenceRuleKind.Entropy, new[] { 0f, 0.5f, 0f }, 1)]
    [InlineData(ConfidenceRuleKind.Max, new[] { 1.004f, -0.003f, 0f }, 1)]
    public void Confidence_of_rows_is_the_lowest_by_hand(ConfidenceRuleKind kind, float[] values, double expected) =>
        Assert.Equal(expected, Judge(kind, Fp32("p", [values.Length / 3, 3], values)).Confidence!.Value, 5);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(8.3f)]
    [InlineData(-2f)]
    public void Confidence_of_what_is_no_probability_is_zero(float bad)
    {
        foreach (var kind in Enum.GetValues<ConfidenceRuleKind>())
        {
            Assert.Equal(0, Judge(kind, Fp32("p", [2, 3], [0.9f, 0.1f, 0f, 0.9f, bad, 0f])).Confidence);
        }
    }

    [Fact]
    public void Confidence_of_a_named_output_is_its_lowest_number()
    {
        Assert.Equal(0.25, Judge(ConfidenceRuleKind.Named, Fp32("p", [3], [0.9f, 0.25f, 0.5f])).Confidence);
        Assert.Equal(0.25, Judge(ConfidenceRuleKind.Named, Fp32("p", [3, 1], [0.9f, 0.25f, 0.5f])).Confidence);
        Assert.Equal(0.5, Judge(ConfidenceRuleKind.Named, Fp32("p", [], [0.5f])).Confidence);
    }

    [Fact]
    public void Confidence_is_the_same_in_every_float_type()
    {
        double[] values = [0.125, 0.75, 0.125];
        var halves = values.Select(v => (Half)v).ToArray();
        foreach (var kind in Enum.GetValues<ConfidenceRuleKind>())
        {
            var expected = Judge(kind, Fp32("p", [1, 3], [0.125f, 0.75f, 0.125f]));
            Assert.Equal(expected, Judge(kind, Make<double>("p", TensorDataType.Fp64, [1, 3], values)));
            Assert.Equal(expected, Judge(kind, Make<Half>("p", TensorDataType.Fp16, [1, 3], halves)));
        }
    }

    [Fact]
    public void Confidence_of_a_wrong_type_length_or_no_rows_is_zero()
    {
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Make<long>("p", TensorDataType.Int64, [1, 3], [1, 0, 0])).Confidence);
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Fp32("p", [2, 3], [1, 0, 0])).Confidence);
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Make<byte>("p", TensorDataType.Fp32, [1, 1], [0, 0, 128, 63, 1])).Confidence);
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Fp32("p", [0, 3], [])).Confidence);
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Fp32("p", [3, 0], [])).Confidence);
        Assert.Equal(0, Judge(ConfidenceRuleKind.Max, Fp32("p", [-1, 3], [1, 0, 0])).Confidence);
    }

    [Fact]
    public void Confidence_without_rule_or_output_is_null()
    {
        Assert.Null(ConfidenceRules.Judge(Manifest(null, "p"), [Fp32("p", [1, 3], [1, 0, 0])]).Confidence);
        Assert.Null(Judge(ConfidenceRuleKind.Max, Fp32("other", [1, 3], [1, 0, 0])).Confidence);
    }

    [Fact]
    public void Label_is_the_first_rows_largest()
    {
        Assert.Equal("b", Judge(ConfidenceRuleKind.Max, Fp32("p", [2, 3], [0.1f, 0.8f, 0.1f, 0.9f, 0, 0])).Label);
        Assert.Equal("a", Judge(ConfidenceRuleKind.Max, Fp32("p", [1, 3], [0.4f, 0.4f, 0.2f])).Label);
        Assert.Equal("c", Judge(ConfidenceRuleKind.Max, Fp32("p", [1, 3], [float.NaN, -8f, 7f])).Label);
    }

    [Fact]
    public void Label_without_labels_or_a_readable_row_is_null()
    {
        Assert.Null(Judge(ConfidenceRuleKind.Max, Fp32("p", [1, 3], [float.NaN, float.NaN, float.NaN])).Label);
        Assert.Null(Judge(ConfidenceRuleKind.Max, Fp32("p", [1, 4], [0, 0, 0, 1])).Label);
        Assert.Null(ConfidenceRules.Judge(Manifest(null, "elsewhere"), [Fp32("p", [1, 3], [1, 0, 0])]).Label);
    }

    [Fact]
    public void Label_comes_from_a_labelled_output_when_the_confidence_has_its_own()
    {
        var manifest = Manifest(new ConfidenceRule("sure", ConfidenceRuleKind.Named, 0.5), "p", "sure");
        var judged = ConfidenceRules.Judge(manifest, [Fp32("sure", [1], [0.3f]), Fp32("p", [1, 3], [0, 0, 1])]);
        Assert.Equal("c", judged.Label);
        Assert.Equal(0.3, judged.Confidence!.Value, 5);
    }

    [Fact]
    public void Judgement_of_any_bytes_stays_within_zero_and_one() =>
        Gen.Select(Gen.Float.Array[0, 24], Gen.Int[0, 3], Gen.Long[-1, 5], Gen.Long[-1, 5]).Sample((values, kind, rows, classes) =>
        {
            var confidence = Judge((ConfidenceRuleKind)kind, Fp32("p", [rows, classes], values)).Confidence;
            return confidence is >= 0 and <= 1;
        });

    [Fact]
    public void Judgement_of_a_softmax_grows_with_its_largest_logit() =>
        Gen.Select(Gen.Double[0, 8], Gen.Double[0.1, 4], Gen.Int[1, 2]).Sample((logit, more, kind) =>
        {
            var rule = kind == 1 ? ConfidenceRuleKind.Margin : ConfidenceRuleKind.Entropy;
            var lower = Judge(rule, Make<double>("p", TensorDataType.Fp64, [1, 3], Softmax(logit))).Confidence;
            var higher = Judge(rule, Make<double>("p", TensorDataType.Fp64, [1, 3], Softmax(logit + more))).Confidence;
            return higher > lower;
        });

    [Fact]
    public void Judgement_allocates_nothing()
    {
        var manifest = Manifest(new ConfidenceRule("p", ConfidenceRuleKind.Entropy, 0.5), "p");
        Tensor[] outputs = [Fp32("p", [2, 3], [0.1f, 0.8f, 0.1f, 0.9f, 0.1f, 0])];
        for (var i = 0; i < 100; i++) ConfidenceRules.Judge(manifest, outputs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) ConfidenceRules.Judge(manifest, outputs);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
    }

    private static double[] Softmax(double logit)
    {
        var e = Math.Exp(logit);
        return [e / (e + 2), 1 / (e + 2), 1 / (e + 2)];
    }

    private static Judgement Judge(ConfidenceRuleKind kind, Tensor output) => ConfidenceRules.Judge(Manifest(new ConfidenceRule("p", kind, 0.5), "p"), [output]);

    private static ModelManifest Manifest(ConfidenceRule? rule, params string[] outputs)
    {
        var specs = outputs.Select((name, i) => new TensorSpec(name, TensorDataType.Fp32, new TensorShape(-1, 3), i == 0 ? Abc : [])).ToArray();
        return new ModelManifest("m", 1, "", "", [], specs, rule, PrivacyCeiling.Any, null, BatchingSettings.None, [], "");
    }

    private static Tensor Fp32(string name, long[] shape, float[] values) => Make<float>(name, TensorDataType.Fp32, shape, values);

    private static Tensor Make<T>(string name, TensorDataType type, long[] shape, T[] values) where T : unmanaged =>
        new(name, type, new TensorShape(shape), TensorPool.Shared.Copy(MemoryMarshal.AsBytes<T>(values)));
}
