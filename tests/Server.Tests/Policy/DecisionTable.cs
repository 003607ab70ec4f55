using System.Text;
using Signet.Server.Policy;

namespace Server.Tests.Policy;

/// <summary>One question and what every engine must say to it.</summary>
/// <param name="Reason">Null: it is allowed.</param>
public sealed record Decided(string Method, string Path, string Scopes, string? Reason)
{
    public PolicyInput Input => new(Method, Path, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), AgentId);

    /// <summary>Some questions come from an agent and some from nobody in particular.</summary>
    public string? AgentId => Path.Length % 2 == 0 ? "0197f2a0-0000-7000-8000-00000000000a" : null;

    public override string ToString() => $"{Method} {Path} [{Scopes}]";
}

/// <summary>A policy, as text, and its decisions.</summary>
internal static class DecisionTable
{
    public const string Policy = """
        {
          "GET /": [],
          "GET /agents": ["agents:read"],
          "POST /agents": ["agents:read", "agents:write"],
          "GET /agents/{id}": ["agents:read"],
          "GET /agents/self": [],
          "DELETE /agents/{id}/keys/{key}": ["agents:write"],
          "GET /{tenant}/keys": ["keys:read"],
          "GET /agents/keys": ["agents:read", "keys:read"],
          "GET /agents/{id}/{part}": ["parts:read"],
          "GET /agents/{id}/card": ["cards:read"],
          "GET /{tenant}/self/card": ["self:read"],
          "can_read document/{id}": ["documents:read"]
        }
        """;

    public static IReadOnlyList<Decided> Rows { get; } =
    [
        new("GET", "/", "", null),
        new("GET", "/agents", "agents:read", null),
        new("GET", "/agents", "agents:read agents:write other", null),
        new("GET", "/agents", "", "insufficient_scope: agents:read"),
        new("GET", "/agents", "agents:write", "insufficient_scope: agents:read"),
        new("GET", "/agents", "agents:rea", "insufficient_scope: agents:read"),
        new("GET", "/agents", "Agents:read", "insufficient_scope: agents:read"),
        new("POST", "/agents", "agents:read agents:write", null),
        new("POST", "/agents", "agents:read", "insufficient_scope: agents:write"),
        new("POST", "/agents", "x", "insufficient_scope: agents:read agents:write"),
        new("PUT", "/agents", "agents:read agents:write", "no_rule"),
        new("get", "/agents", "agents:read", "no_rule"),
        new("GET", "/Agents", "agents:read", "no_rule"),
        new("GET", "/nothing", "agents:read agents:write", "no_rule"),
        new("GET", "/agents/0197f2a0", "agents:read", null),
        new("GET", "/agents/0197f2a0", "", "insufficient_scope: agents:read"),
        new("GET", "/agents/%7Bid%7D", "agents:read", null),
        new("GET", "/agents/ä ö", "agents:read", null),
        new("GET", "/agents/self", "", null),
        new("GET", "/agents/self", "agents:read", null),
        new("GET", "/agents/Self", "", "insufficient_scope: agents:read"),
        // The earlier a segment is named, the closer the rule: as routing chooses.
        new("GET", "/agents/keys", "agents:read", "insufficient_scope: keys:read"),
        new("GET", "/agents/keys", "keys:read agents:read", null),
        new("GET", "/acme/keys", "keys:read", null),
        new("GET", "/agents/self/card", "self:read", "insufficient_scope: cards:read"),
        new("GET", "/agents/self/card", "cards:read", null),
        new("GET", "/acme/self/card", "self:read", null),
        new("GET", "/agents/7/logo", "parts:read", null),
        new("GET", "/acme/7/card", "self:read cards:read parts:read", "no_rule"),
        new("DELETE", "/agents/1/keys/2", "agents:write", null),
        new("DELETE", "/agents/1/keys", "agents:write", "no_rule"),
        new("DELETE", "/agents/1/keys/2/3", "agents:write", "no_rule"),
        new("can_read", "document/7", "documents:read", null),
        new("can_read", "document/7", "", "insufficient_scope: documents:read"),
        new("can_write", "document/7", "documents:read", "no_rule"),
        // A thing is no route, and a route no thing.
        new("can_read", "/document/7", "documents:read", "no_rule"),
        new("GET", "agents", "agents:read", "no_rule"),
    ];

    internal static ScopesEngine Engine => Read(Policy);

    internal static ScopesEngine Read(string json) =>
        ScopesEngine.TryRead(Encoding.UTF8.GetBytes(json), out var fault) ?? throw new InvalidOperationException(fault);
}
