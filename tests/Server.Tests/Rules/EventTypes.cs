using System.Runtime.CompilerServices;
using Signet.Platform.Outbox;
using Signet.Server;

namespace Server.Tests.Rules;

/// <summary>Every event Signet can raise.</summary>
internal static class EventTypes
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(Modules).Assembly.GetTypes().Concat(typeof(DomainEvent).Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(DomainEvent)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>Without its data, to ask for its name, which never depends on them.</summary>
    public static DomainEvent Blank(Type type) => (DomainEvent)RuntimeHelpers.GetUninitializedObject(type);
}
