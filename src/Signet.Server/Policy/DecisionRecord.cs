namespace Signet.Server.Policy;

/// <summary>Gathers what one request was told, to be one record.</summary>
internal sealed class DecisionRecord
{
    private const int LongestLine = 300;

    private readonly List<string> lines = [];
    private int allowed;

    /// <param name="subject">Its kind and its id: <c>agent:0197…</c>.</param>
    public void Add(PolicyInput input, string subject, PolicyDecision decision)
    {
        // The record is for ever and the caller's words are not ours: what names a mailbox stays out of it.
        var path = string.Join('/', input.Path.Split('/').Select(segment => NamesMailbox(segment) ? "…" : segment));
        var who = NamesMailbox(subject) ? $"{subject.Split(':')[0]}:…" : subject;
        if (decision is PolicyDecision.Denied denied)
        {
            Add($"deny {input.Method} {path} {who} {denied.Reason}");
        }
        else
        {
            allowed++;
            Add($"allow {input.Method} {path} {who}");
        }
    }

    /// <summary>A question that is none is denied.</summary>
    public void AddInvalid(string field) => Add($"deny: {field} is not valid");

    public PolicyEvaluated ToEvent(string engine, string? callerRequestId) => new(engine, allowed, lines.Count - allowed, lines, callerRequestId);

    private void Add(string line) => lines.Add(line.Length <= LongestLine ? line : line[..LongestLine]);

    private static bool NamesMailbox(string text) => text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal);
}
