using System.Collections.Concurrent;
using System.Linq.Expressions;
using Npgsql;

namespace Signet.Platform.Data;

/// <summary>Turns the properties of an (anonymous) object into named parameters. Typed ids go as their UUID, enums as snake_case text.</summary>
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
        var add = typeof(Arguments).GetMethod(nameof(Add), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        var calls = type.GetProperties().Select(property => (Expression)Expression.Call(
            add.MakeGenericMethod(property.PropertyType), target, Expression.Constant(property.Name), Expression.Property(typed, property)));
        return Expression.Lambda<Action<object, NpgsqlParameterCollection>>(
            Expression.Block(calls.Append(Expression.Empty())), arguments, target).Compile();
    }

    private static void Add<T>(NpgsqlParameterCollection target, string name, T value) => target.Add(value switch
    {
        null => Null<T>(name),
        Enum e => new NpgsqlParameter<string>(name, SnakeCase.Of(e)),
        _ => Ids<T>.ToGuid is { } toGuid ? new NpgsqlParameter<Guid>(name, toGuid(value)) : new NpgsqlParameter<T>(name, value),
    });

    // A null says its type too, or PostgreSQL can't choose between overloads of an operator.
    private static NpgsqlParameter Null<T>(string name)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        var parameter = new NpgsqlParameter { ParameterName = name, Value = DBNull.Value };
        if (type.IsEnum || type == typeof(string))
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        }
        else if (type == typeof(Guid) || Ids<T>.ToGuid is not null)
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        }
        else if (type == typeof(DateTimeOffset))
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
        }
        else if (type == typeof(byte[]))
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea;
        }
        else if (type == typeof(int))
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer;
        }
        else if (type == typeof(long))
        {
            parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint;
        }

        return parameter;
    }

    private static class Ids<T>
    {
        public static readonly Func<T, Guid>? ToGuid = Make();

        private static Func<T, Guid>? Make()
        {
            var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
            if (!type.IsValueType || !type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>)))
            {
                return null;
            }

            var id = Expression.Parameter(typeof(T));
            return Expression.Lambda<Func<T, Guid>>(Expression.Property(Expression.Convert(id, type), nameof(ITypedId<TenantId>.Value)), id).Compile();
        }
    }
}
