using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pedigree.Tests.Architecture;

/// <summary>Writes the public surface of an assembly as text, one line a member, in an order that does not depend on the compiler.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What every record has; writing it out would bury what its author chose.
    private static readonly HashSet<string> RecordMembers =
        new(["Equals", "GetHashCode", "ToString", "op_Equality", "op_Inequality", "Deconstruct", "PrintMembers", "EqualityContract", "<Clone>$"], StringComparer.Ordinal);

    /// <summary>The surface as text.</summary>
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, qualified: true)).Append(Bases(type)).Append('\n');
            var isRecord = type.GetMethod("<Clone>$") is not null;
            foreach (var line in Members(type).Where(member => !isRecord || !RecordMembers.Contains(member.Name)).Select(Line).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<MemberInfo> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return type.GetMethods(Declared).Where(method => method.Name is "Invoke");
        }

        return type.GetMembers(Declared).Where(member => member switch
        {
            // Accessors are told by their properties; the copy constructor of a record by its being a record.
            MethodInfo method => IsSeen(method) && !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
                && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null,
            ConstructorInfo constructor => IsSeen(constructor) && !(constructor.GetParameters() is [var only] && only.ParameterType == type),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsSeen),
            FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
            EventInfo => true,
            _ => false,
        });
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsValueType ? "struct"
        : (type.IsAbstract, type.IsSealed) switch { (true, true) => "static class", (true, _) => "abstract class", (_, true) => "sealed class", _ => "class" };

    private static string Bases(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return "";
        }

        var bases = type.GetInterfaces().Where(own => own.IsPublic && !(own.IsGenericType && own.GetGenericArguments()[0] == type)).Select(own => Name(own)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases.Insert(0, Name(parent));
        }

        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method.IsStatic)}{method.Name}{Generics(method)}({Parameters(method)}) -> {Name(method.ReturnType)}{Mark(method.ReturnParameter)}",
        PropertyInfo property => $"{Static(property.GetAccessors(nonPublic: true)[0].IsStatic)}{property.Name}: {Name(property.PropertyType)}{Mark(property)} {{{Accessors(property)} }}",
        FieldInfo field when field.IsLiteral => string.Create(CultureInfo.InvariantCulture, $"const {field.Name} = {field.GetRawConstantValue()}"),
        FieldInfo field => $"{Static(field.IsStatic)}{field.Name}: {Name(field.FieldType)}",
        _ => $"event {member.Name}",
    };

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)}{Mark(parameter)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Convert.ToString(parameter.DefaultValue, CultureInfo.InvariantCulture) switch { null or "" => "default", var value => value }}" : "")}"));

    private static string Accessors(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsSeen(getter) ? " get;" : "";
        return property.SetMethod is { } setter && IsSeen(setter)
            ? get + (setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;")
            : get;
    }

    private static string Mark(ParameterInfo parameter)
    {
        lock (Nullability)
        {
            return Mark(parameter.ParameterType, Nullability.Create(parameter).ReadState);
        }
    }

    private static string Mark(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Mark(property.PropertyType, Nullability.Create(property).ReadState);
        }
    }

    private static readonly NullabilityInfoContext Nullability = new();

    private static string Mark(Type type, NullabilityState state) => !type.IsValueType && state == NullabilityState.Nullable ? "?" : "";

    private static string Name(Type type, bool qualified = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.HasElementType)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsByRef ? "&" : "*");
        }

        var nested = type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType!, qualified) + "." : qualified ? type.Namespace + "." : "";
        var name = type.IsGenericType ? type.Name.Split('`')[0] : type.Name;
        return nested + name + (type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(argument => Name(argument)))}>" : "");
    }
}
