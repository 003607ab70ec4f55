using System.Reflection;
using Signet.OpenIdFederation;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>
/// What the package shows to others is written down in PublicApi.txt; a change of it is a change of that file, made on purpose.
/// Written anew with SIGNET_WRITE_REFERENCE=1.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string[] OfEveryRecord = ["Equals", "GetHashCode", "ToString", "PrintMembers", "Deconstruct", "EqualityContract", "get_EqualityContract", "GetType"];

    [Fact]
    public void The_public_surface_is_the_one_written_down()
    {
        var path = Path.Combine(Jose.Vectors.Root(), "tests", "Protocols.Tests", "OpenIdFederation", "PublicApi.txt");
        var surface = Describe(typeof(EntityId).Assembly);
        if (Environment.GetEnvironmentVariable("SIGNET_WRITE_REFERENCE") is "1")
        {
            File.WriteAllText(path, surface);
        }

        Assert.Equal(File.ReadAllText(path), surface);
    }

    private static string Describe(Assembly assembly) => string.Concat(
        from type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)
        select $"{Kind(type)} {type.FullName}{(type.BaseType is { } parent && parent.Assembly == assembly ? $" : {parent.FullName}" : "")}\n" + string.Concat(
            Members(type).Select(member => $"  {member}\n").Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Members(Type type) =>
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where IsShown(member) && !OfEveryRecord.Contains(member.Name) && !member.Name.StartsWith('<') && !member.Name.StartsWith("op_", StringComparison.Ordinal)
        select member switch
        {
            FieldInfo { IsLiteral: true } constant => $"{constant} = {constant.GetRawConstantValue()}",
            PropertyInfo property => $"{property} {{{(property.GetMethod is null ? "" : " get")}{(property.SetMethod is { IsPublic: true } ? " init" : "")} }}",
            MethodBase { IsStatic: true } method => $"static {method}",
            _ => member.ToString()!,
        };

    private static bool IsShown(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method is ConstructorInfo { IsPublic: true }),
        PropertyInfo property => property.GetMethod is { } get && (get.IsPublic || get.IsFamily),
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        _ => false,
    };

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : "class";
}
