using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace Signet.Platform.Data;

/// <summary>Reads one column as one type: what PostgreSQL's driver knows, and on top typed ids, enums by their snake_case name, and lists of these.</summary>
public static class RowTypes
{
    private static readonly ConcurrentDictionary<Type, Delegate> Readers = new();

    /// <summary>Makes the reader of an id known without reflection. A module does so for each of its ids, where it adds its services.</summary>
    public static void AddId<TId>() where TId : struct, ITypedId<TId> => Readers[typeof(TId)] = ReaderOfId<TId>();

    /// <summary>Reads column <c>i</c> of a row; null where the column is null and the type allows it.</summary>
    internal static Func<DbDataReader, int, T> ReaderOf<T>() => (Func<DbDataReader, int, T>)Readers.GetOrAdd(typeof(T), Make);

    /// <summary>One column is the whole row, as opposed to a record of columns.</summary>
    internal static bool IsColumn(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var bare
        && (bare.IsPrimitive || bare.IsEnum || bare.IsArray || IsId(bare) || ElementOf(bare) is not null || Simple.Contains(bare));

    private static readonly HashSet<Type> Simple =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(DateTime), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(System.Text.Json.JsonElement), typeof(System.Text.Json.JsonDocument),
    ];

    internal static bool IsId(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>));

    /// <summary>The element of <c>X[]</c>, <c>List&lt;X&gt;</c>, <c>IReadOnlyList&lt;X&gt;</c> and their like; bytes are one value.</summary>
    internal static Type? ElementOf(Type type) => type switch
    {
        _ when type == typeof(byte[]) || type == typeof(string) => null,
        { IsArray: true } => type.GetElementType(),
        { IsGenericType: true } when type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]))
            => type.GetGenericArguments()[0],
        _ => null,
    };

    private static Delegate Make(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type);
        var value = bare ?? type;
        return value switch
        {
            { IsEnum: true } => Call(bare is null ? nameof(ReaderOfEnum) : nameof(ReaderOfNullableEnum), value),
            _ when IsId(value) => Call(bare is null ? nameof(ReaderOfId) : nameof(ReaderOfNullableId), value),
            _ when ElementOf(value) is { } element => Call(nameof(ReaderOfList), value, element),
            _ when value.IsValueType && bare is null => Call(nameof(ReaderOfValue), type),
            _ => Call(nameof(ReaderOfNullable), type),
        };

        static Delegate Call(string maker, params Type[] types) =>
            (Delegate)typeof(RowTypes).GetMethod(maker, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(types).Invoke(null, null)!;
    }

    private static Func<DbDataReader, int, TId> ReaderOfId<TId>() where TId : struct, ITypedId<TId> =>
        static (row, i) => TId.From(row.GetGuid(i));

    private static Func<DbDataReader, int, TId?> ReaderOfNullableId<TId>() where TId : struct, ITypedId<TId> =>
        static (row, i) => row.IsDBNull(i) ? null : TId.From(row.GetGuid(i));

    private static Func<DbDataReader, int, TEnum> ReaderOfEnum<TEnum>() where TEnum : struct, Enum =>
        static (row, i) => SnakeCase.Parse<TEnum>(row.GetString(i));

    private static Func<DbDataReader, int, TEnum?> ReaderOfNullableEnum<TEnum>() where TEnum : struct, Enum =>
        static (row, i) => row.IsDBNull(i) ? null : SnakeCase.Parse<TEnum>(row.GetString(i));

    private static Func<DbDataReader, int, T> ReaderOfValue<T>() => static (row, i) => row.GetFieldValue<T>(i);

    private static Func<DbDataReader, int, T?> ReaderOfNullable<T>() =>
        static (row, i) => row.IsDBNull(i) ? default : row.GetFieldValue<T>(i);

    // PostgreSQL gives an array of what a single column would have been: uuid for ids, text for enums.
    private static Func<DbDataReader, int, TList?> ReaderOfList<TList, T>() where TList : class
    {
        Func<DbDataReader, int, T[]> read =
            typeof(T).IsEnum || IsId(typeof(T))
                ? ConvertingReader<T>()
                : static (row, i) => row.GetFieldValue<T[]>(i);
        return typeof(TList).IsAssignableFrom(typeof(T[]))
            ? (row, i) => row.IsDBNull(i) ? null : (TList)(object)read(row, i)
            : (row, i) => row.IsDBNull(i) ? null : (TList)(object)new List<T>(read(row, i));
    }

    private static Func<DbDataReader, int, T[]> ConvertingReader<T>() =>
        (Func<DbDataReader, int, T[]>)typeof(RowTypes)
            .GetMethod(typeof(T).IsEnum ? nameof(ReaderOfEnums) : nameof(ReaderOfIds), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(typeof(T)).Invoke(null, null)!;

    private static Func<DbDataReader, int, TId[]> ReaderOfIds<TId>() where TId : struct, ITypedId<TId> =>
        static (row, i) => Array.ConvertAll(row.GetFieldValue<Guid[]>(i), TId.From);

    private static Func<DbDataReader, int, TEnum[]> ReaderOfEnums<TEnum>() where TEnum : struct, Enum =>
        static (row, i) => Array.ConvertAll(row.GetFieldValue<string[]>(i), SnakeCase.Parse<TEnum>);
}
