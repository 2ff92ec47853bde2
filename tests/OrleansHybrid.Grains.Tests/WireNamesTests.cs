using System.Reflection;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests;

/// <summary>Every name on the wire and in storage is in one table: changing one breaks rolling upgrades or stored state, so it has to be meant.</summary>
/// <remarks>After a change that is meant, replace the table by the file that the failing test names.</remarks>
public sealed class WireNamesTests
{
    private const string Table = "grains/OrleansHybrid.Contracts/WireNames.txt";

    private static readonly Assembly[] Assemblies = [typeof(InferenceRequest).Assembly, typeof(IRouterGrain).Assembly, typeof(RouterGrain).Assembly];

    private static IEnumerable<Type> Serialized => Assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false));

    private static IEnumerable<Type> GrainInterfaces => Assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t));

    [Fact]
    public void Names_on_the_wire_are_those_of_the_table()
    {
        var actual = Lines().Order(StringComparer.Ordinal).ToArray();
        var written = Path.Combine(AppContext.BaseDirectory, "WireNames.txt");
        File.WriteAllLines(written, actual);

        var table = File.ReadAllLines(Path.Combine(Root(), Table));

        Assert.True(table.SequenceEqual(actual), $"{Table} differs from the code; what the code says is in {written}.\nOnly in the table:\n{string.Join('\n', table.Except(actual))}\nOnly in the code:\n{string.Join('\n', actual.Except(table))}");
    }

    [Fact]
    public void Types_and_methods_on_the_wire_have_names_of_their_own()
    {
        Assert.All(Serialized, t => Assert.NotNull(t.GetCustomAttribute<AliasAttribute>()));
        Assert.All(GrainInterfaces, t => Assert.Equal(t.GetCustomAttribute<AliasAttribute>()!.Alias, InterfaceType(t)));
        Assert.All(GrainInterfaces.SelectMany(t => t.GetMethods()), m => Assert.NotNull(m.GetCustomAttribute<AliasAttribute>()));
        Assert.All(GrainInterfaces.SelectMany(t => t.GetMethods()), m => Assert.Equal(typeof(CancellationToken), m.GetParameters()[^1].ParameterType));
        Assert.Empty(Serialized.Concat(GrainInterfaces).GroupBy(t => t.GetCustomAttribute<AliasAttribute>()?.Alias).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    private static IEnumerable<string> Lines()
    {
        foreach (var type in Serialized)
        {
            yield return $"type {Alias(type)} = {type.FullName}";
            foreach (var (id, name, member) in Members(type)) yield return $"type {Alias(type)} #{id} {name}: {Name(member)}";
        }

        // Enums travel and are stored as numbers: their order is part of the table.
        foreach (var type in Serialized.SelectMany(Members).Select(m => Nullable.GetUnderlyingType(m.Type) ?? m.Type).Where(t => t.IsEnum).Distinct())
        {
            foreach (var value in Enum.GetValues(type)) yield return $"enum {type.Name} {Convert.ToInt32(value, null):00} = {value}";
        }

        foreach (var type in GrainInterfaces)
        {
            foreach (var method in type.GetMethods())
            {
                var parameters = string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)));
                yield return $"grain {Alias(type)}/{Alias(method)} = {type.FullName}.{method.Name}({parameters}): {Name(method.ReturnType)}";
            }
        }

        foreach (var type in Assemblies.SelectMany(a => a.GetTypes()).Where(t => t.GetCustomAttribute<GrainTypeAttribute>() is not null))
        {
            yield return $"class {type.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, type)} = {type.FullName}";
        }
    }

    private static IEnumerable<(uint Id, string Name, Type Type)> Members(Type type) =>
        type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(m => (m is FieldInfo or PropertyInfo) && m.IsDefined(typeof(IdAttribute)))
            .Select(m => (m.GetCustomAttribute<IdAttribute>()!.Id, m.Name, m is PropertyInfo p ? p.PropertyType : ((FieldInfo)m).FieldType));

    private static string? InterfaceType(Type type) => type.GetCustomAttribute<GrainInterfaceTypeAttribute>()?.GetGrainInterfaceType(null!, type).ToString();

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? "?";

    private static string Name(Type type) =>
        !type.IsGenericType ? type.Name : $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OrleansHybrid.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
