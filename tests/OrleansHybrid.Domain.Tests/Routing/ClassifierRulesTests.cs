using System.Runtime.InteropServices;
using CsCheck;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class ClassifierRulesTests
{
    [Theory]
    [InlineData(0.76, 0.76, 0.5)]
    [InlineData(0.7599999, 0.76, 0.4999)]
    [InlineData(0.38, 0.76, 0.25)]
    [InlineData(0.88, 0.76, 0.75)]
    [InlineData(0, 0.76, 0)]
    [InlineData(1, 0.76, 1)]
    [InlineData(0, 0, 0.5)]
    [InlineData(1, 1, 1)]
    [InlineData(0.999999, 1, 0.4999)]
    public void Verdict_is_scaled_so_that_its_threshold_is_where_hard_begins(double verdict, double threshold, double hard) =>
        Assert.Equal(new RequestSignals(hard, HardSource.Classifier), ClassifierRules.Signal(default, verdict, threshold));

    [Fact]
    public void Scaled_verdict_keeps_its_side_and_its_order() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((threshold, one, other) =>
    {
        var (low, high) = (ClassifierRules.Signal(default, Math.Min(one, other), threshold), ClassifierRules.Signal(default, Math.Max(one, other), threshold));
        Assert.Equal(one >= threshold, ClassifierRules.Signal(default, one, threshold).IsHard);
        Assert.InRange(low.Hard, 0, high.Hard);
        Assert.InRange(high.Hard, low.Hard, 1);
    });

    [Fact]
    public void Signal_leaves_the_other_signals_as_they_are()
    {
        var quota = new QuotaState(MoneyLeftMicrousd: 7);

        Assert.Equal(quota, ClassifierRules.Signal(new RequestSignals(Quota: quota), 0.9, 0.5).Quota);
    }

    [Theory]
    [InlineData(new[] { 0.25f }, 0.25)]
    [InlineData(new[] { 0.25f, 0.75f, 0.5f }, 0.75)]
    [InlineData(new[] { 0f, 1f }, 1.0)]
    [InlineData(new[] { 0.5f, float.NaN }, null)]
    [InlineData(new[] { 0.5f, 1.5f }, null)]
    [InlineData(new[] { -0.1f }, null)]
    [InlineData(new float[0], null)]
    public void Hardest_row_counts_and_what_is_no_share_is_no_verdict(float[] rows, double? verdict)
    {
        var lease = new TensorPool().Copy(MemoryMarshal.AsBytes<float>(rows));

        Assert.Equal(verdict, ClassifierRules.Verdict([new Tensor("hard", TensorDataType.Fp32, new TensorShape(rows.Length, 1), lease)]));
    }

    [Fact]
    public void Output_of_another_type_is_no_verdict() =>
        Assert.Null(ClassifierRules.Verdict([new Tensor("hard", TensorDataType.Fp64, new TensorShape(1, 1), new TensorPool().Copy(new byte[8]))]));

    [Theory]
    [InlineData(300_000, 0, 20)]
    [InlineData(80, 0, 20)]
    [InlineData(40, 0, 10)]
    [InlineData(40, 20, 5)]
    [InlineData(40, 40, 0)]
    public void Verdict_is_waited_for_a_part_of_what_is_left(int deadlineMs, int elapsedMs, int budgetMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(budgetMs), ClassifierRules.Budget(TimeSpan.FromMilliseconds(deadlineMs), TimeSpan.FromMilliseconds(elapsedMs)));
}
