using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Signet.OAuth;

/// <summary>Scope tokens, distinct, in the order they came; equal where they hold the same tokens. <see href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3"/></summary>
public sealed class ScopeSet : IEquatable<ScopeSet>
{
    private const int MaxTokens = 100;
    private const int MaxTokenLength = 256;

    // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
    private static readonly SearchValues<char> TokenAlphabet =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x5E).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    private readonly string[] tokens;

    private ScopeSet(IEnumerable<string> tokens) => this.tokens = [.. tokens.Distinct()];

    /// <summary>No scope at all.</summary>
    public static ScopeSet Empty { get; } = new([]);

    /// <summary>The tokens.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => tokens.Length == 0;

    /// <summary>OIDC Core §3.1.2.1: without <c>openid</c> the request is OAuth and no ID token is made.</summary>
    public bool HasOpenId => Contains("openid");

    /// <summary>The scopes of an offer written down by us or an administrator.</summary>
    /// <exception cref="ArgumentException">One is no scope token.</exception>
    public static ScopeSet Of(params IEnumerable<string> tokens)
    {
        var set = new ScopeSet(tokens);
        return Array.TrueForAll(set.tokens, IsToken) ? set : throw new ArgumentException("A scope token is malformed.", nameof(tokens));
    }

    /// <summary>Whether the text is one scope token of at most 256 characters.</summary>
    public static bool IsToken(string text) => text.Length is > 0 and <= MaxTokenLength && !text.AsSpan().ContainsAnyExcept(TokenAlphabet);

    /// <summary>RFC 6749 §3.3: tokens separated by one space each, at most a hundred.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ScopeSet? scope)
    {
        var words = text?.Split(' ', MaxTokens + 1);
        scope = words is { Length: <= MaxTokens } && Array.TrueForAll(words, IsToken) ? new(words) : null;
        return scope is not null;
    }

    /// <summary>Whether the token is one of these.</summary>
    public bool Contains(string token) => tokens.AsSpan().Contains(token);

    /// <summary>Whether every token is one of the others.</summary>
    public bool IsSubsetOf(ScopeSet other) => Array.TrueForAll(tokens, other.Contains);

    /// <summary>The tokens that are among the others too.</summary>
    public ScopeSet LimitTo(ScopeSet other) => new(tokens.Where(other.Contains));

    /// <inheritdoc/>
    public bool Equals(ScopeSet? other) => other is not null && tokens.Length == other.tokens.Length && IsSubsetOf(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => tokens.Aggregate(0, (hash, token) => hash ^ token.GetHashCode(StringComparison.Ordinal));

    /// <summary>The tokens with a space between them.</summary>
    public override string ToString() => string.Join(' ', tokens);
}
