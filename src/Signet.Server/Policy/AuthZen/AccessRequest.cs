using System.Text.Json;

namespace Signet.Server.Policy.AuthZen;

/// <summary>Who wants access (AuthZEN §5.1). Absent members are allowed here: in a batch they come from the defaults.</summary>
public sealed record AccessSubject(string? Type = null, string? Id = null, IReadOnlyDictionary<string, JsonElement>? Properties = null);

/// <summary>What is to be done (AuthZEN §5.3).</summary>
public sealed record AccessAction(string? Name = null, IReadOnlyDictionary<string, JsonElement>? Properties = null);

/// <summary>To what (AuthZEN §5.2).</summary>
public sealed record AccessResource(string? Type = null, string? Id = null, IReadOnlyDictionary<string, JsonElement>? Properties = null);

/// <summary>One question (AuthZEN §6.1). The context is read and not used: no rule asks for one.</summary>
public sealed record AccessRequest(
    AccessSubject? Subject = null, AccessAction? Action = null, AccessResource? Resource = null, IReadOnlyDictionary<string, JsonElement>? Context = null);

/// <summary>Many questions (AuthZEN §7.1). What the request says outside its list holds for each question that says nothing itself.</summary>
public sealed record AccessRequests(
    AccessSubject? Subject = null, AccessAction? Action = null, AccessResource? Resource = null, IReadOnlyDictionary<string, JsonElement>? Context = null,
    IReadOnlyList<AccessRequest?>? Evaluations = null, AccessOptions? Options = null);

/// <param name="EvaluationsSemantic">When to stop (AuthZEN §7.1.2).</param>
public sealed record AccessOptions(EvaluationsSemantic EvaluationsSemantic = EvaluationsSemantic.ExecuteAll);

public enum EvaluationsSemantic
{
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}
