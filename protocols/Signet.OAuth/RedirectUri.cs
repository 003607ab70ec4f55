using System.Globalization;

namespace Signet.OAuth;

/// <summary>Compares redirect URIs as strings and nothing else, so that no two parsers can disagree about where one leads (RFC 9700 §2.1).</summary>
public static class RedirectUri
{
    // RFC 8252 §7.3: the two literals only. The name localhost can resolve to something else (RFC 8252 §8.3).
    private static readonly string[] LoopbackLiterals = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>RFC 9700 §2.1: byte equality with a registered URI; for loopback literals the port may differ (RFC 8252 §7.3).</summary>
    public static bool MatchesAny(IEnumerable<string> registered, string requested) => registered.Any(uri => Matches(uri, requested));

    /// <summary>Whether the requested URI is this registered one.</summary>
    public static bool Matches(string registered, string requested) =>
        string.Equals(registered, requested, StringComparison.Ordinal)
        || (WithoutLoopbackPort(registered) is { } known && WithoutLoopbackPort(requested) is { } asked
            && string.Equals(known, asked, StringComparison.Ordinal));

    /// <summary>The URI with parameters appended; a query it has already is kept as it is (RFC 6749 §3.1.2).</summary>
    internal static string Append(string uri, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var query = string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        var separator = !uri.Contains('?') ? "?" : uri[^1] is '?' or '&' ? "" : "&";
        return query.Length == 0 ? uri : uri + separator + query;
    }

    private static string? WithoutLoopbackPort(string uri)
    {
        foreach (var literal in LoopbackLiterals)
        {
            if (!uri.StartsWith(literal, StringComparison.Ordinal))
            {
                continue;
            }

            var rest = uri.AsSpan(literal.Length);
            if (rest is [':', .. var afterColon])
            {
                var digits = afterColon.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : afterColon.Length;
                if (!ushort.TryParse(afterColon[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
                {
                    return null;
                }

                rest = afterColon[digits..];
            }

            // After the port the path or the query begins; anything else would make the literal a part of another host or of userinfo.
            return rest is [] or ['/', ..] or ['?', ..] ? string.Concat(literal, rest) : null;
        }

        return null;
    }
}
