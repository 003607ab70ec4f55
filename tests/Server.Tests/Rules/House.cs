using Mono.Cecil;
using Mono.Cecil.Cil;
using Signet.Testing;

namespace Server.Tests.Rules;

/// <summary>The built assemblies as the rules read them: every type with its module, and every use of one type by another.</summary>
internal static class House
{
    /// <summary>
    /// The modules by level: each may use those on lower levels, and of its own level those named before it.
    /// Permissions comes early: whoever has a management endpoint says what it asks of its caller.
    /// </summary>
    public static readonly string[][] Levels =
    [
        ["Ui", "Settings", "Tenants", "Permissions", "Secrets", "Keys", "Audit", "Policy", "Limits", "Webhooks"],
        ["Users", "Organizations", "Clients", "Agents", "Governance", "AgentCards", "Workloads"],
        ["Passwords"],
        ["Sessions", "SignIn", "Consent", "Delegations", "Approvals"],
        ["OAuth", "Federation", "Operations"],
        ["Account", "Console", "Setup"],
    ];

    public static readonly string[] Protocols = ["Signet.Jose", "Signet.OAuth", "Signet.OpenIdFederation", "Signet.Transparency"];

    private static readonly Lazy<Dictionary<string, IReadOnlyList<Piece>>> Read = new(() =>
        Protocols.Append("Signet.Platform").Append("Signet.Server").Append("signet").ToDictionary(name => name, ReadAssembly));

    public static IReadOnlyList<Piece> Assembly(string name) => Read.Value[name];

    public static IEnumerable<Piece> All => Read.Value.Values.SelectMany(pieces => pieces);

    public static string Source(params string[] path) => Path.Combine([Repository.Root, .. path]);

    /// <summary>The folder below an assembly's root that a namespace belongs to; empty for the root itself.</summary>
    public static string ModuleOf(string @namespace, string root) =>
        @namespace.StartsWith($"{root}.", StringComparison.Ordinal) ? @namespace[(root.Length + 1)..].Split('.')[0] : "";

    private static IReadOnlyList<Piece> ReadAssembly(string name)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        return [.. module.Types.Where(type => type.Name != "<Module>" && !IsGenerated(type)).Select(type => new Piece(name, type))];
    }

    // The regular expression generator and the compiler write types of their own.
    private static bool IsGenerated(TypeDefinition type) =>
        type.Namespace.StartsWith("System.", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal)
        || type.Name.StartsWith('<');
}

/// <summary>A top-level type with all that is nested in it.</summary>
internal sealed class Piece
{
    private readonly HashSet<(string Namespace, string Name, string Member)> uses = [];
    private readonly List<string> literals = [];

    public Piece(string assembly, TypeDefinition type)
    {
        Assembly = assembly;
        // Razor's type inference lives beside the page it serves.
        Namespace = type.Namespace.StartsWith("__Blazor.", StringComparison.Ordinal) ? type.Namespace["__Blazor.".Length..] : type.Namespace;
        Name = type.Name.Split('`')[0];
        IsException = Ancestors(type).Contains("System.Exception");
        Walk(type);
    }

    public string Assembly { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string FullName => $"{Namespace}.{Name}";

    public bool IsException { get; }

    /// <summary>Nested types included, without what the compiler makes.</summary>
    public List<string> TypeNames { get; } = [];

    /// <summary>The types it mentions, and the members of them it calls; the member is empty for the mention of a type.</summary>
    public IReadOnlySet<(string Namespace, string Name, string Member)> Uses => uses;

    public IReadOnlyList<string> Literals => literals;

    private void Walk(TypeDefinition type)
    {
        if (!type.Name.Contains('<'))
        {
            TypeNames.Add(type.Name.Split('`')[0]);
        }

        Mention(type.BaseType);
        foreach (var contract in type.Interfaces)
        {
            Mention(contract.InterfaceType);
        }

        foreach (var attribute in type.CustomAttributes.Concat(type.Properties.SelectMany(property => property.CustomAttributes)))
        {
            Mention(attribute.AttributeType);
        }

        foreach (var field in type.Fields)
        {
            Mention(field.FieldType);
            if (field is { HasConstant: true, Constant: string text })
            {
                literals.Add(text);
            }
        }

        foreach (var method in type.Methods)
        {
            Walk(method);
        }

        foreach (var nested in type.NestedTypes)
        {
            Walk(nested);
        }
    }

    private void Walk(MethodDefinition method)
    {
        Mention(method.ReturnType);
        foreach (var parameter in method.Parameters)
        {
            Mention(parameter.ParameterType);
        }

        if (!method.HasBody)
        {
            return;
        }

        foreach (var variable in method.Body.Variables)
        {
            Mention(variable.VariableType);
        }

        foreach (var instruction in method.Body.Instructions)
        {
            Walk(instruction);
        }
    }

    private void Walk(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case string text:
                literals.Add(text);
                break;
            case TypeReference mentioned:
                Mention(mentioned);
                break;
            case MethodReference called:
                Mention(called.DeclaringType, called.Name);
                Mention(called.ReturnType);
                foreach (var argument in called is GenericInstanceMethod generic ? generic.GenericArguments : [])
                {
                    Mention(argument);
                }

                break;
            case FieldReference field:
                Mention(field.DeclaringType, field.Name);
                Mention(field.FieldType);
                break;
        }
    }

    private void Mention(TypeReference? type, string member = "")
    {
        while (type is TypeSpecification specification)
        {
            foreach (var argument in type is GenericInstanceType generic ? generic.GenericArguments : [])
            {
                Mention(argument);
            }

            type = specification.ElementType;
        }

        if (type is null or GenericParameter)
        {
            return;
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        uses.Add((type.Namespace, type.Name.Split('`')[0], ""));
        if (member.Length > 0)
        {
            uses.Add((type.Namespace, type.Name.Split('`')[0], member));
        }
    }

    private static IEnumerable<string> Ancestors(TypeDefinition type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = (ancestor as TypeDefinition)?.BaseType)
        {
            yield return ancestor.FullName;
            if (ancestor is not TypeDefinition)
            {
                // Exceptions of the framework, one step up, are named like it.
                if (ancestor.Name.EndsWith("Exception", StringComparison.Ordinal))
                {
                    yield return "System.Exception";
                }

                yield break;
            }
        }
    }
}
