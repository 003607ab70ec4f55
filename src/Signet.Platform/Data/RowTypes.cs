using System.Data;
using Dapper;

namespace Signet.Platform.Data;

/// <summary>Teaches Dapper the types our rows are made of. A module registers each of its ids once, where it adds its services.</summary>
public static class RowTypes
{
    static RowTypes()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new TimestampHandler());
        SqlMapper.AddTypeHandler(new IdHandler<TenantId>());
    }

    /// <summary>Runs the static part above; called by <see cref="Db"/> before the first row is read.</summary>
    internal static void Ready()
    {
    }

    public static void AddId<TId>() where TId : struct, ITypedId<TId> => SqlMapper.AddTypeHandler(new IdHandler<TId>());

    private sealed class TimestampHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        // timestamptz arrives as a UTC DateTime.
        public override DateTimeOffset Parse(object value) => new((DateTime)value, TimeSpan.Zero);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value;
    }

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId> where TId : struct, ITypedId<TId>
    {
        public override TId Parse(object value) => TId.From((Guid)value);

        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = value.Value;
    }
}
