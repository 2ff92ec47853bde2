using System.Diagnostics;
using System.Globalization;

namespace OrleansHybrid.Benchmarks.Memory;

/// <summary>
/// <c>memory --write FOLDER [--cycles N] [--part engine|eviction|bare|bare-trimmed]</c>: resident memory while a 90 MB and a 5 MB model are loaded and unloaded again and again, as a CSV a part.
/// <c>memory --report FOLDER</c>: the curves of such a folder.
/// </summary>
internal static class MemoryCommand
{
    private const int CyclesDefault = 1000;
    private const long BigBytes = 90 << 20, SmallBytes = 5 << 20, SteadyBytes = 1 << 20;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["run", var part, var models, var cycles]) return await RunPartAsync(part, models, int.Parse(cycles, CultureInfo.InvariantCulture));
        if (Option(args, "--report") is { } done)
        {
            MemoryReport.Write(done);
            return 0;
        }

        if (!OperatingSystem.IsLinux()) return Fail("memory: expected Linux, whose /proc tells where memory is");
        if (Option(args, "--write") is not { } folder) return Fail("memory: expected --write FOLDER");
        var count = int.Parse(Option(args, "--cycles") ?? CyclesDefault.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        await MeasureAllAsync(Directory.CreateDirectory(folder).FullName, Option(args, "--part") is { } one ? [one] : MemoryParts.All, count);
        MemoryReport.Write(folder);
        return 0;
    }

    private static async Task MeasureAllAsync(string folder, string[] parts, int cycles)
    {
        var models = Directory.CreateTempSubdirectory("memory-").FullName;
        try
        {
            foreach (var (model, bytes) in new[] { (MemoryParts.Big, BigBytes), (MemoryParts.Small, SmallBytes), (MemoryParts.Steady, SteadyBytes) }) Write(models, model, bytes);
            foreach (var part in parts) await MeasureAsync(part, models, cycles, MemoryReport.FileOf(folder, part));
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
    }

    private static async Task<int> RunPartAsync(string part, string models, int cycles)
    {
        void Print(MemorySample sample) => Console.WriteLine(sample.ToCsv());
        if (part == MemoryParts.Engine) await MemoryParts.RunEngineAsync(models, models + "-data", cycles, Print);
        else if (part == MemoryParts.Eviction) await MemoryParts.RunEvictionAsync(models, models + "-data", cycles, Print);
        else MemoryParts.RunBare(models, cycles, part == MemoryParts.BareTrimmed, Print);
        return 0;
    }

    private static void Write(string folder, string name, long bytes)
    {
        var version = Directory.CreateDirectory(Path.Combine(folder, name, "1")).FullName;
        File.WriteAllBytes(Path.Combine(version, "model.onnx"), OnnxWriter.Chain(bytes, seed: name.Length));
    }

    /// <summary>Each sample is in the file as soon as it was taken.</summary>
    private static async Task MeasureAsync(string part, string models, int cycles, string file)
    {
        Console.Error.WriteLine($"{part}: {cycles} cycles");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(MemoryCommand).Assembly.Location);
        foreach (var word in new[] { "memory", "run", part, models, cycles.ToString(CultureInfo.InvariantCulture) }) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        await using var samples = new StreamWriter(file) { AutoFlush = true };
        await samples.WriteLineAsync(MemorySample.Header);
        while (await process.StandardOutput.ReadLineAsync() is { } line) await samples.WriteLineAsync(line);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{part} ended with {process.ExitCode}");
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
