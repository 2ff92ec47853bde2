using System.Collections;
using System.Reflection;
using System.Text;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>Fills any record with content that differs from member to member, and writes any object out, so that two can be compared whole.</summary>
internal sealed class SampleMaker
{
    private int next;

    public object Make(Type type)
    {
        next++;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Make(underlying);
        if (type == typeof(string)) return $"text {next}";
        if (type == typeof(bool)) return true;
        if (type == typeof(byte)) return (byte)next;
        if (type == typeof(int)) return next;
        if (type == typeof(long)) return (long)next << 33;
        if (type == typeof(double)) return next + 0.25;
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(next);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(next);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type == typeof(TensorShape)) return new TensorShape(next, -1, 3);
        if (type == typeof(TensorLease)) return TensorPool.Shared.Copy([1, 2, (byte)next]);
        if (type.IsArray) return MakeArray(type.GetElementType()!);
        if (!type.IsGenericType) return MakeObject(type);
        return type.GetGenericArguments() is [var element] ? MakeArray(element) : MakeDictionary(type.GetGenericArguments());
    }

    /// <summary>Every public readable member, recursively.</summary>
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case TensorLease lease: text.Append(Convert.ToHexString(lease.Span)); break;
            case string or TensorShape or Enum: text.Append(value); break;
            case IEnumerable items:
                foreach (var item in items) Write(item, text.Append('['));
                break;
            case var _ when value.GetType().IsPrimitive || value.GetType().Namespace == "System" && value.GetType().Name != "KeyValuePair`2": text.Append(value); break;
            default:
                foreach (var member in Properties(value.GetType())) Write(member.GetValue(value), text.Append(';').Append(member.Name).Append('='));
                break;
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties().Where(p => p.IsDefined(typeof(IdAttribute)) || type.Namespace!.StartsWith("System", StringComparison.Ordinal));

    private Array MakeArray(Type element)
    {
        var array = Array.CreateInstance(element, 2);
        for (var i = 0; i < 2; i++) array.SetValue(Make(element), i);
        return array;
    }

    private IDictionary MakeDictionary(Type[] arguments)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        dictionary.Add(Make(arguments[0]), Make(arguments[1]));
        return dictionary;
    }

    private object MakeObject(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke(constructor.GetParameters().Select(p => Make(p.ParameterType)).ToArray());
        foreach (var settable in type.GetProperties().Where(p => p.IsDefined(typeof(IdAttribute)) && p.SetMethod is not null && constructor.GetParameters().Length == 0))
        {
            settable.SetValue(made, Make(settable.PropertyType));
        }

        return made;
    }
}
