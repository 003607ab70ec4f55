namespace Signet.Server.Policy.AuthZen;

/// <summary>One decision (AuthZEN §6.2).</summary>
/// <param name="Decision">False: the access must not go forward.</param>
/// <param name="Context">Why it was denied.</param>
public sealed record AccessResponse(bool Decision, AccessReason? Context = null)
{
    public static readonly AccessResponse Permit = new(true);

    public static AccessResponse Of(PolicyDecision decision) => decision switch
    {
        PolicyDecision.Allowed => Permit,
        PolicyDecision.Denied denied => new AccessResponse(false, new AccessReason(Text(denied.Reason), Text(WordsFor(denied.Reason)))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A question of a batch that is none: that is a denial, and the others are answered (AuthZEN §7.2).</summary>
    public static AccessResponse OfFault(string message) => new(false, new AccessReason(Error: new AccessError(StatusCodes.Status400BadRequest, message)));

    private static string WordsFor(string reason) =>
        reason == PolicyReasons.EngineUnavailable ? "This can't be decided at the moment. Try again later." : "You may not do this.";

    private static Dictionary<string, string> Text(string english) => new(StringComparer.Ordinal) { ["en"] = english };
}

/// <param name="ReasonAdmin">For the log of whoever asked, by language; not for the person.</param>
/// <param name="ReasonUser">May be shown to the person, by language.</param>
public sealed record AccessReason(
    IReadOnlyDictionary<string, string>? ReasonAdmin = null, IReadOnlyDictionary<string, string>? ReasonUser = null, AccessError? Error = null);

public sealed record AccessError(int Status, string Message);

/// <summary>Decisions in the order of the questions (AuthZEN §7.2); fewer, where the semantic stopped at one.</summary>
public sealed record AccessResponses(IReadOnlyList<AccessResponse> Evaluations);
