using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Outbox;

/// <summary>Who caused something, and from where. Goes with every event; made once per request, command or job.</summary>
/// <param name="ActorId">The user's, client's or API key's id; a worker's or operator's name; null for nobody yet.</param>
/// <param name="IpAddress">Canonical text of the client address, from the one function that decides it.</param>
/// <param name="RequestId">What the person can quote; the same in answer, log, trace and audit record.</param>
public sealed record Origin(ActorKind Actor, string? ActorId, string? IpAddress, string? UserAgent, string RequestId)
{
    /// <summary>The origin of the request; set once who is calling is known.</summary>
    public static ValueTask<Origin?> BindAsync(HttpContext context) => new(context.Features.Get<Origin>());

    public static Origin OfWorker(string name, string requestId) => new(ActorKind.System, name, null, null, requestId);

    public static Origin OfOperator(string name, string requestId) => new(ActorKind.Operator, name, null, null, requestId);
}

public enum ActorKind
{
    /// <summary>Nobody has signed in.</summary>
    Anonymous,
    User,
    Client,

    /// <summary>A program that acts by itself, under a person who answers for it.</summary>
    Agent,
    ApiKey,

    /// <summary>A person at the command line of the machine.</summary>
    Operator,

    /// <summary>Signet itself: a worker, a schedule.</summary>
    System,
}
