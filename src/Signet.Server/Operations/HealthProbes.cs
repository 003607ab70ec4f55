using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Telemetry;

namespace Signet.Server.Operations;

/// <summary>What this node stands on, each asked once a second at most however many ask.</summary>
public sealed class HealthProbes(Database database, RedisConnection redis, TimeProvider time)
{
    public HealthProbe Postgres { get; } = HealthProbe.OfPostgres(database, time);

    public HealthProbe Redis { get; } = HealthProbe.OfRedis(redis, time);
}
