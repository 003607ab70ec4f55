using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Signet.Platform.Data;

/// <summary>
/// Turns the properties of an (anonymous) object into named parameters. Typed ids go as their UUID, enums as snake_case text, times in UTC,
/// and lists of any of these as arrays.
/// </summary>
internal static class Arguments
{
    private static readonly ConcurrentDictionary<Type, Action<object, NpgsqlParameterCollection>> Binders = new();

    public static void Bind(NpgsqlParameterCollection target, object? arguments)
    {
        if (arguments is not null)
        {
            Binders.GetOrAdd(arguments.GetType(), MakeBinder)(arguments, target);
        }
    }

    private static Action<object, NpgsqlParameterCollection> MakeBinder(Type type)
    {
        var arguments = Expression.Parameter(typeof(object));
        var target = Expression.Parameter(typeof(NpgsqlParameterCollection));
        var typed = Expression.Convert(arguments, type);
        var calls = type.GetProperties().Select(property => (Expression)Expression.Call(
            Method(nameof(Add)).MakeGenericMethod(property.PropertyType), target, Expression.Constant(property.Name), Expression.Property(typed, property)));
        return Expression.Lambda<Action<object, NpgsqlParameterCollection>>(
            Expression.Block(calls.Append(Expression.Empty())), arguments, target).Compile();
    }

    private static void Add<T>(NpgsqlParameterCollection target, string name, T value) => target.Add(Converter<T>.Make(name, value));

    private static MethodInfo Method(string name) => typeof(Arguments).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static Delegate Call(string maker, params Type[] types) => (Delegate)Method(maker).MakeGenericMethod(types).Invoke(null, null)!;

    // Chosen once for each declared type, so that binding neither reflects nor boxes.
    private static class Converter<T>
    {
        public static readonly Func<string, T, NpgsqlParameter> Make = Choose();

        private static Func<string, T, NpgsqlParameter> Choose()
        {
            var bare = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
            if (RowTypes.IsId(bare))
            {
                var toGuid = (Func<T, Guid>)Call(nameof(GuidOf), typeof(T), bare);
                return (name, value) => value is null ? Null(name, NpgsqlDbType.Uuid) : new NpgsqlParameter<Guid>(name, toGuid(value));
            }

            if (bare.IsEnum)
            {
                return static (name, value) =>
                    value is Enum e ? new NpgsqlParameter<string>(name, SnakeCase.Of(e)) : Null(name, NpgsqlDbType.Text);
            }

            if (RowTypes.ElementOf(bare) is { } element)
            {
                return (Func<string, T, NpgsqlParameter>)Call(nameof(ListConverter), typeof(T), element);
            }

            return bare == typeof(DateTimeOffset)
                ? static (name, value) => value is DateTimeOffset time
                    ? new NpgsqlParameter<DateTimeOffset>(name, time.ToUniversalTime())
                    : Null(name, NpgsqlDbType.TimestampTz)
                : (name, value) => value is null ? Null(name, TypeOf(bare)) : new NpgsqlParameter<T>(name, value);
        }
    }

    private static Func<T, Guid> GuidOf<T, TId>() where TId : struct, ITypedId<TId>
    {
        var id = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, Guid>>(Expression.Property(Expression.Convert(id, typeof(TId)), nameof(ITypedId<TenantId>.Value)), id).Compile();
    }

    private static Func<string, TList, NpgsqlParameter> ListConverter<TList, T>() where TList : IEnumerable
    {
        if (RowTypes.IsId(typeof(T)))
        {
            var toGuid = (Func<T, Guid>)Call(nameof(GuidOf), typeof(T), typeof(T));
            return (name, list) => Array<T, Guid>(name, list, NpgsqlDbType.Uuid, toGuid);
        }

        return typeof(T).IsEnum
            ? static (name, list) => Array<T, string>(name, list, NpgsqlDbType.Text, static e => SnakeCase.Of((Enum)(object)e!))
            : static (name, list) => Array<T, T>(name, list, TypeOf(typeof(T)), static item => item);
    }

    private static NpgsqlParameter Array<T, TSent>(string name, IEnumerable? list, NpgsqlDbType? type, Func<T, TSent> convert) => list switch
    {
        null => Null(name, NpgsqlDbType.Array | type),
        _ => new NpgsqlParameter<TSent[]>(name, [.. ((IEnumerable<T>)list).Select(convert)]),
    };

    // A null says its type too, or PostgreSQL can't choose between overloads of an operator.
    private static NpgsqlParameter Null(string name, NpgsqlDbType? type)
    {
        var parameter = new NpgsqlParameter { ParameterName = name, Value = DBNull.Value };
        if (type is { } known)
        {
            parameter.NpgsqlDbType = known;
        }

        return parameter;
    }

    private static NpgsqlDbType? TypeOf(Type type) => Types.TryGetValue(type, out var known) ? known : null;

    private static readonly Dictionary<Type, NpgsqlDbType> Types = new()
    {
        [typeof(string)] = NpgsqlDbType.Text,
        [typeof(Guid)] = NpgsqlDbType.Uuid,
        [typeof(DateTimeOffset)] = NpgsqlDbType.TimestampTz,
        [typeof(TimeSpan)] = NpgsqlDbType.Interval,
        [typeof(DateOnly)] = NpgsqlDbType.Date,
        [typeof(byte[])] = NpgsqlDbType.Bytea,
        [typeof(ReadOnlyMemory<byte>)] = NpgsqlDbType.Bytea,
        [typeof(bool)] = NpgsqlDbType.Boolean,
        [typeof(short)] = NpgsqlDbType.Smallint,
        [typeof(int)] = NpgsqlDbType.Integer,
        [typeof(long)] = NpgsqlDbType.Bigint,
        [typeof(double)] = NpgsqlDbType.Double,
        [typeof(decimal)] = NpgsqlDbType.Numeric,
    };
}
