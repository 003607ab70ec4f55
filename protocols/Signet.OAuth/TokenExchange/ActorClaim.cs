using System.Text.Json;

namespace Signet.OAuth.TokenExchange;

/// <summary>
/// RFC 8693 §4.1: who acts with a token on its subject's behalf, and for whom that actor stands in turn. Only the outermost actor counts when access
/// is decided; those within are history.
/// </summary>
public sealed record ActorClaim
{
    /// <summary>The most actors in a chain that is read.</summary>
    public const int MaxDepth = 8;

    private const int MaxLength = 2048;

    /// <summary>An actor, in front of those who acted before.</summary>
    /// <param name="party">The actor.</param>
    /// <param name="prior">Who acted before; null for the first.</param>
    public ActorClaim(Party party, ActorClaim? prior = null)
    {
        Party = party;
        Prior = prior;
        Depth = (prior?.Depth ?? 0) + 1;
    }

    /// <summary>The actor.</summary>
    public Party Party { get; }

    /// <summary>Who acted before this one.</summary>
    public ActorClaim? Prior { get; }

    /// <summary>How many actors there are.</summary>
    public int Depth { get; }

    /// <summary>The actors, the current one first.</summary>
    public IEnumerable<Party> Chain
    {
        get
        {
            for (var actor = this; actor is not null; actor = actor.Prior)
            {
                yield return actor.Party;
            }
        }
    }

    /// <summary>
    /// Reads the value of <c>act</c>; null where it, or one within it, is no object with a <c>sub</c>, or there are more than <see cref="MaxDepth"/>.
    /// Members that identify nobody (RFC 8693 §4.1: <c>exp</c> and the like) are not read.
    /// </summary>
    /// <param name="act">JSON that was read strictly.</param>
    /// <param name="issuer">The token's <c>iss</c>: an actor without one of its own is of the same.</param>
    public static ActorClaim? TryParse(JsonElement act, string issuer) => TryParse(act, issuer, MaxDepth);

    /// <summary>Writes the value of <c>act</c>, leaving out issuers that are the token's own.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="issuer">The <c>iss</c> of the token it stands in.</param>
    public void WriteTo(Utf8JsonWriter writer, string issuer)
    {
        writer.WriteStartObject();
        writer.WriteString("sub"u8, Party.Subject);
        writer.Optional("iss"u8, Party.Issuer == issuer ? null : Party.Issuer);
        if (Prior is not null)
        {
            writer.WritePropertyName("act"u8);
            Prior.WriteTo(writer, issuer);
        }

        writer.WriteEndObject();
    }

    private static ActorClaim? TryParse(JsonElement act, string issuer, int left)
    {
        if (left == 0 || act.ValueKind is not JsonValueKind.Object
            || !TryText(act, "sub", out var subject) || subject is null || !TryText(act, "iss", out var own))
        {
            return null;
        }

        var party = new Party(own ?? issuer, subject);
        return !act.TryGetProperty("act", out var inner) ? new(party)
            : TryParse(inner, issuer, left - 1) is { } prior ? new(party, prior)
            : null;
    }

    private static bool TryText(JsonElement members, string name, out string? text)
    {
        text = members.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String ? member.GetString() : null;
        return text is { Length: > 0 and <= MaxLength } || (text is null && !members.TryGetProperty(name, out _));
    }
}

/// <summary>Somebody, wherever they are known: a subject is unique only with its issuer (RFC 7519 §4.1.2).</summary>
/// <param name="Issuer">Who says so.</param>
/// <param name="Subject">Who it is.</param>
public sealed record Party(string Issuer, string Subject);
