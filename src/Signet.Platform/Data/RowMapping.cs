using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Signet.Platform.Data;

/// <summary>
/// Makes a value of a row: a single column, a tuple by position, or a record whose constructor parameters are the columns in their order.
/// A column that is missing, too many or called otherwise than its parameter is refused by name, so that a changed SELECT can't fill the wrong field.
/// </summary>
internal static class RowMapping<T>
{
    private static readonly Func<DbDataReader, T> Read = Make();

    // Null for a single column and a tuple, which go by position alone.
    private static readonly string[]? Names = NamesOf();

    // The columns of a statement are checked once; most statements are constants.
    private static readonly ConcurrentDictionary<string, bool> Checked = new(StringComparer.Ordinal);

    /// <summary>The parser for the rows of this result.</summary>
    public static Func<DbDataReader, T> For(DbDataReader rows, string sql)
    {
        if (!Checked.ContainsKey(sql))
        {
            Check(rows);
            Checked.TryAdd(sql, true);
        }

        return Read;
    }

    private static void Check(DbDataReader rows)
    {
        if (rows.FieldCount != Width)
        {
            throw new InvalidOperationException($"{typeof(T).Name} is made of {Width} columns, and the statement gives {rows.FieldCount}.");
        }

        for (var i = 0; i < Names?.Length; i++)
        {
            var column = rows.GetName(i);
            if (!Names[i].Equals(column.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"Column {i + 1} is {column}, where {typeof(T).Name} wants {Names[i]}.");
            }
        }
    }

    private static int Width => IsColumn ? 1 : Constructor.GetParameters().Length;

    private static bool IsColumn => RowTypes.IsColumn(typeof(T));

    private static ConstructorInfo Constructor =>
        typeof(T).GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()
        ?? throw new InvalidOperationException($"{typeof(T).Name} has no public constructor to make it from columns.");

    private static string[]? NamesOf() =>
        IsColumn || typeof(ITuple).IsAssignableFrom(typeof(T)) ? null : [.. Constructor.GetParameters().Select(p => p.Name!)];

    private static Func<DbDataReader, T> Make()
    {
        if (IsColumn)
        {
            var column = RowTypes.ReaderOf<T>();
            return row => column(row, 0);
        }

        var row = Expression.Parameter(typeof(DbDataReader));
        var readerOf = typeof(RowTypes).GetMethod(nameof(RowTypes.ReaderOf), BindingFlags.Static | BindingFlags.NonPublic)!;
        var columns = Constructor.GetParameters().Select((parameter, i) => Expression.Invoke(
            Expression.Constant(readerOf.MakeGenericMethod(parameter.ParameterType).Invoke(null, null)), row, Expression.Constant(i)));
        return Expression.Lambda<Func<DbDataReader, T>>(Expression.New(Constructor, columns), row).Compile();
    }
}
