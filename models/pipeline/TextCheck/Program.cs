using System.Text.Json;
using TextCheck;

// TextCheck resources <assembly> <folder> <name>…   writes resources of an assembly to files, without running any of its code
// TextCheck sentences <spec.json>                   runs one sentence encoder and prints a JSON report; the spec is described in SentenceSpec.cs
switch (args)
{
    case ["resources", var assembly, var folder, .. var names]:
        AssemblyResources.Extract(assembly, folder, names);
        return 0;
    case ["sentences", var spec]:
        Console.WriteLine(JsonSerializer.Serialize(SentenceCheck.Run(SentenceSpec.Read(spec)), SentenceSpec.Json));
        return 0;
    default:
        Console.Error.WriteLine("usage: TextCheck resources <assembly> <folder> <name>… | TextCheck sentences <spec.json>");
        return 2;
}
