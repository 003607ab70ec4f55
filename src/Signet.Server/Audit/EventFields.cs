using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Server.Audit;

/// <summary>
/// How the properties of one type of event are written, in RFC 8785 §3.2.3 order; compiled once a type.
/// A type with a property that the record has no form for is refused, so that nothing is recorded in part.
/// </summary>
internal sealed class EventFields
{
    private static readonly ConcurrentDictionary<Type, EventFields> Known = new();

    private EventFields(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<JsonIgnoreAttribute>() is null && !IsOfEveryEvent(p))
            .OrderBy(p => NameOf(p), StringComparer.Ordinal)
            .ToArray();
        var personal = properties.Where(p => p.GetCustomAttribute<PersonalAttribute>() is not null).ToArray();
        WriteOpen = Compile(type, [.. properties.Except(personal)]);
        WritePersonal = Compile(type, personal);
        HasPersonal = personal.Length > 0;
    }

    public bool HasPersonal { get; }

    /// <summary>Writes the members that anyone who may read the record may read.</summary>
    public Action<RecordText, DomainEvent> WriteOpen { get; }

    /// <summary>Writes the members about a person.</summary>
    public Action<RecordText, DomainEvent> WritePersonal { get; }

    public static EventFields Of(Type type) => Known.GetOrAdd(type, static t => new EventFields(t));

    // An override doesn't inherit the attribute of the property it overrides.
    private static bool IsOfEveryEvent(PropertyInfo property) => property.Name is
        nameof(DomainEvent.Action) or nameof(DomainEvent.Outcome) or nameof(DomainEvent.Target) or nameof(DomainEvent.Subject);

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static Action<RecordText, DomainEvent> Compile(Type type, PropertyInfo[] properties)
    {
        var text = Expression.Parameter(typeof(RecordText));
        var happened = Expression.Parameter(typeof(DomainEvent));
        var typed = Expression.Convert(happened, type);
        var members = properties.Select(p => WriteMember(text, NameOf(p), Expression.Property(typed, p)));
        return Expression.Lambda<Action<RecordText, DomainEvent>>(
            Expression.Block(members.Append(Expression.Empty())), text, happened).Compile();
    }

    // A member without a value is left out.
    private static Expression WriteMember(ParameterExpression text, string name, Expression value)
    {
        var nullable = Nullable.GetUnderlyingType(value.Type) is not null;
        var write = Expression.Block(
            Expression.Call(text, nameof(RecordText.Name), [], Expression.Constant(Encoding.UTF8.GetBytes($"\"{name}\":"))),
            WriteValue(text, nullable ? Expression.Property(value, "Value") : value));
        return nullable ? Expression.IfThen(Expression.Property(value, "HasValue"), write)
            : value.Type.IsValueType ? write
            : Expression.IfThen(Expression.NotEqual(value, Expression.Constant(null, value.Type)), write);
    }

    private static MethodCallExpression WriteValue(ParameterExpression text, Expression value) => value.Type switch
    {
        var t when t == typeof(string) || t == typeof(Guid) || t == typeof(DateTimeOffset) => Write(text, nameof(RecordText.Text), value, t),
        var t when t == typeof(bool) => Write(text, nameof(RecordText.Literal), value, t),
        var t when t == typeof(int) || t == typeof(long) => Write(text, nameof(RecordText.Number), value, typeof(long)),
        { IsEnum: true } => Write(text, nameof(RecordText.Text), value, typeof(Enum)),
        var t when t.IsAssignableTo(typeof(IEnumerable<string>)) => Write(text, nameof(RecordText.List), value, typeof(IEnumerable<string>)),
        var t when IsTypedId(t) => Write(text, nameof(RecordText.Text), Expression.Property(value, nameof(ITypedId<>.Value)), typeof(Guid)),
        var t => throw new NotSupportedException($"An audit record has no form for {t.Name}: it holds text, ids, integers, times, booleans, enums and lists of text."),
    };

    private static MethodCallExpression Write(ParameterExpression text, string method, Expression value, Type type) =>
        Expression.Call(text, typeof(RecordText).GetMethod(method, [type])!, Expression.Convert(value, type));

    private static bool IsTypedId(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>));
}
