using OrleansHybrid.FleetSimulator;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;

var options = SimulatorOptions.Parse(args, out var wrong);
if (options is null)
{
    Console.Error.WriteLine(wrong);
    Console.Error.WriteLine(SimulatorOptions.Usage);
    return 2;
}

var plan = FleetPlanner.Of(options.Scenario);
if (options.PlanOnly)
{
    Console.Write(plan.Describe());
    return 0;
}

using var stop = new CancellationTokenSource(options.For, TimeProvider.System);
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
var recording = options.Models is { } models && options.Scenario.AnswersPerMinute > 0
    ? await AnswerRecording.MakeAsync(models, "keyword", 1, LabelledClips.Read(Path.Combine(models, "clips")), stop.Token)
    : AnswerRecording.Empty;
await using var fleet = await SimulatedFleet.EnrolAsync(plan, options.Cells, recording, TimeProvider.System, stop.Token);
fleet.Start();
while (!stop.IsCancellationRequested)
{
    Console.WriteLine(FleetLine.Of(fleet));
    await Task.Delay(SimulatorOptions.LineEach, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

return 0;
