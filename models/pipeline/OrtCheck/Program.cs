using System.Text.Json;
using OrtCheck;

// OrtCheck <spec.json>: runs one ONNX file over packed rows and prints a JSON report; the spec says where each row's answer goes.
if (args.Length != 1 || !File.Exists(args[0]))
{
    Console.Error.WriteLine("usage: OrtCheck <spec.json>   (the spec is described in CheckSpec.cs)");
    return 2;
}

CheckSpec spec = CheckSpec.Read(args[0]);
CheckReport report = VariantCheck.Run(spec);
Console.WriteLine(JsonSerializer.Serialize(report, CheckSpec.Json));
return report.BitEqualInBatch ? 0 : 1;
