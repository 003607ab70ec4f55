using Signet.Platform.Http;
using Signet.Platform.Outbound;

namespace Signet.Server.Webhooks;

/// <summary>What may be said of a webhook when it is made or changed; checked as a whole, each fault under its field's name.</summary>
public sealed record WebhookMetadata(string Name, string Url, IReadOnlyList<string> Events)
{
    private const int MostPatterns = 50;

    /// <summary>Null if all of it may stand.</summary>
    /// <param name="door">That deliveries will go through: what it would refuse is refused here already.</param>
    public Problem? Refuse(OutboundHttp door)
    {
        var errors = new Dictionary<string, string[]>();
        Check(errors, "name", Name.Trim().Length is >= 1 and <= 200 && !Name.Any(char.IsControl), "is to have 1 to 200 characters");
        if (door.Check(Url) is { } refusal)
        {
            Check(errors, "url", ok: false, Describe(refusal));
        }

        Check(errors, "url", !Url.Contains('#', StringComparison.Ordinal), "is to have no fragment, which no receiver would see");
        Check(errors, "events", Events.Count is >= 1 and <= MostPatterns, $"name 1 to {MostPatterns}");
        Check(errors, "events", Events.All(EventPattern.IsPattern), EventPattern.Form);
        return errors.Count == 0 ? null : WebhookProblems.Invalid with { Errors = errors };
    }

    private static void Check(Dictionary<string, string[]> errors, string field, bool ok, string message)
    {
        if (!ok)
        {
            errors[field] = [.. errors.GetValueOrDefault(field) ?? [], message];
        }
    }

    private static string Describe(OutboundRefusal refusal) => refusal switch
    {
        OutboundRefusal.NotAnUrl => "is to be an absolute URL of at most 2048 characters, others percent-encoded (RFC 3986 §2)",
        OutboundRefusal.Scheme or OutboundRefusal.Downgrade or OutboundRefusal.TooManyRedirects => "is to begin with https://",
        OutboundRefusal.UserInfo => "is to have no user name before the host",
        OutboundRefusal.Address => "is to name a machine on the public Internet",
    };
}
