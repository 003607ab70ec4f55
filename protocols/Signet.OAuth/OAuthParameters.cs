using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.OAuth;

/// <summary>The parameters of one request, each known, once, within its length and alphabet, and not empty. Values are untrusted text otherwise.</summary>
public sealed class OAuthParameters
{
    private const int MaxLength = 128 * 1024;
    private const int MaxPairs = 100;
    private readonly List<KeyValuePair<OAuthParameter, string>> values;

    private OAuthParameters(List<KeyValuePair<OAuthParameter, string>> values) => this.values = values;

    /// <summary>The value, or null where it was omitted or empty.</summary>
    public string? this[OAuthParameter parameter]
    {
        get
        {
            foreach (var (held, value) in values)
            {
                if (held == parameter)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>All values of a parameter that may repeat.</summary>
    public IReadOnlyList<string> All(OAuthParameter parameter) => [.. values.Where(pair => pair.Key == parameter).Select(pair => pair.Value)];

    /// <summary>Reads the body of a form post.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> form, [NotNullWhen(true)] out OAuthParameters? parameters, [NotNullWhen(false)] out OAuthError? refusal)
    {
        if (form.Length <= MaxLength && Ascii.IsValid(form))
        {
            return TryParse(Encoding.ASCII.GetString(form), out parameters, out refusal);
        }

        (parameters, refusal) = (null, OAuthError.InvalidRequest);
        return false;
    }

    /// <summary>Reads a query as it stood in the URL, with or without the question mark.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> query, [NotNullWhen(true)] out OAuthParameters? parameters, [NotNullWhen(false)] out OAuthError? refusal)
    {
        if (query.Length <= MaxLength && FormText.Pairs(query is ['?', ..] ? query[1..] : query, MaxPairs) is { } pairs)
        {
            return TryRead(pairs, out parameters, out refusal);
        }

        (parameters, refusal) = (null, OAuthError.InvalidRequest);
        return false;
    }

    /// <summary>Takes pairs that were decoded elsewhere. A decoder that repairs invalid UTF-8 leaves U+FFFD behind, which is refused.</summary>
    public static bool TryRead(
        IEnumerable<KeyValuePair<string, string>> pairs,
        [NotNullWhen(true)] out OAuthParameters? parameters,
        [NotNullWhen(false)] out OAuthError? refusal)
    {
        List<KeyValuePair<OAuthParameter, string>> read = [];
        HashSet<string> seen = [];
        parameters = null;
        foreach (var (name, value) in pairs)
        {
            var known = OAuthParameter.ByName.GetValueOrDefault(name);
            // RFC 6749 §3.1: not more than once, known or not, empty or not: another reader could choose the other one.
            if (!seen.Add(name) && known is not { MayRepeat: true })
            {
                refusal = OAuthError.RepeatedParameter;
                return false;
            }

            // RFC 6749 §3.1: unknown parameters are ignored, a parameter without a value is as if omitted.
            if (known is null || value.Length == 0)
            {
                continue;
            }

            if (!known.Accepts(value) || value.Contains('\uFFFD'))
            {
                refusal = OAuthError.InvalidParameter(known);
                return false;
            }

            read.Add(new(known, value));
        }

        (parameters, refusal) = (new(read), null);
        return true;
    }

    /// <summary>The parameters as a query without question mark, but for those named: to come back to a request once its prompt was answered.</summary>
    public string ToQuery(params ReadOnlySpan<OAuthParameter> except)
    {
        var query = new StringBuilder();
        foreach (var (parameter, value) in values)
        {
            if (!except.Contains(parameter))
            {
                query.Append(query.Length == 0 ? "" : "&").Append(parameter.Name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
