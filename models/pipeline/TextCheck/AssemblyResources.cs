using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TextCheck;

/// <summary>Resources of a .NET assembly, read out of the file: the assembly is never loaded, so nothing in it runs.</summary>
public static class AssemblyResources
{
    public static void Extract(string assembly, string folder, IReadOnlyList<string> names)
    {
        using PEReader file = new(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        Dictionary<string, ManifestResource> resources = metadata.ManifestResources
            .Select(metadata.GetManifestResource).ToDictionary(resource => metadata.GetString(resource.Name));
        int start = file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        foreach (string name in names)
        {
            if (!resources.TryGetValue(name, out ManifestResource resource))
            {
                throw new InvalidDataException($"{Path.GetFileName(assembly)} has no resource {name}; it has {string.Join(", ", resources.Keys)}");
            }

            PEMemoryBlock block = file.GetSectionData(start);
            BlobReader content = block.GetReader((int)resource.Offset, block.Length - (int)resource.Offset);
            File.WriteAllBytes(Path.Combine(folder, name), content.ReadBytes(content.ReadInt32()));
        }
    }
}
