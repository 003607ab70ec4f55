using System.Buffers;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// JSON Web Tokens: claims that are believed only when signed by an expected key, for an expected recipient, at the given time.
/// <see href="https://www.rfc-editor.org/rfc/rfc7519"/>
/// </summary>
public static class Jwt
{
    private const int LargestKeptBuffer = 64 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    /// <summary>
    /// Signs claims written straight into a reused buffer. <paramref name="writeClaims"/> writes the members; the braces are written around them.
    /// </summary>
    public static string Issue<TState>(SigningKey key, string typ, TState state, Action<Utf8JsonWriter, TState> writeClaims)
    {
        // Taken, not borrowed: claims that are written by signing another token find no buffer and make their own.
        var (buffer, writer) = scratch ?? Create();
        scratch = null;

        writer.WriteStartObject();
        writeClaims(writer, state);
        writer.WriteEndObject();
        writer.Flush();
        var token = Jws.SignCompact(key, typ, buffer.WrittenSpan);

        buffer.ResetWrittenCount();
        writer.Reset();
        if (buffer.Capacity <= LargestKeptBuffer)
        {
            scratch = (buffer, writer);
        }

        return token;
    }

    /// <summary>Verifies a token with the key its header means in a set, then its claims.</summary>
    public static JwtVerification Verify(ReadOnlySpan<char> token, Jwks keys, JwtExpectations expectations, DateTimeOffset now) =>
        Judge(Jws.Verify(token, keys, expectations.Jws), expectations, now);

    /// <summary>Verifies a token with one key, then its claims.</summary>
    public static JwtVerification Verify(ReadOnlySpan<char> token, VerificationKey key, JwtExpectations expectations, DateTimeOffset now) =>
        Judge(Jws.Verify(token, key, expectations.Jws), expectations, now);

    /// <summary>Judges the claims of a JWS verified before.</summary>
    public static JwtVerification Judge(JwsVerification verification, JwtExpectations expectations, DateTimeOffset now)
    {
        if (verification is not JwsVerification.Valid valid)
        {
            return new JwtVerification.NotVerified(verification);
        }

        if (JwtClaims.TryParse(valid.Payload.Span) is not { } claims)
        {
            return new JwtVerification.Refused(JwtDefect.Malformed);
        }

        return Find(claims, expectations, now) is { } defect
            ? new JwtVerification.Refused(defect)
            : new JwtVerification.Valid(valid.Header, claims, valid.Key);
    }

    private static JwtDefect? Find(JwtClaims claims, JwtExpectations expected, DateTimeOffset now)
    {
        if (expected.Issuer is { } issuer && !string.Equals(claims.Issuer, issuer, StringComparison.Ordinal))
        {
            return JwtDefect.WrongIssuer;
        }

        if (expected.Audiences is { } audiences && !IsFor(claims.Audiences, audiences, expected.SoleAudience))
        {
            return JwtDefect.WrongAudience;
        }

        if ((expected.RequireExpiry && claims.ExpiresAt is null) || (expected.MaxAge is not null && claims.IssuedAt is null))
        {
            return JwtDefect.MissingTime;
        }

        return FindInTimes(claims, expected, now);
    }

    private static bool IsFor(IReadOnlyList<string> named, IReadOnlyList<string> recipient, bool solely) =>
        solely ? named.Count > 0 && named.All(recipient.Contains) : named.Any(recipient.Contains);

    /// <summary>The clock's skew always works for the token. Differences are taken between times, which can't overflow as sums can.</summary>
    private static JwtDefect? FindInTimes(JwtClaims claims, JwtExpectations expected, DateTimeOffset now)
    {
        // RFC 7519 §4.1.4: on or after exp it must not be accepted.
        if (now - claims.ExpiresAt >= expected.ClockSkew)
        {
            return JwtDefect.Expired;
        }

        if (claims.ExpiresAt - now > expected.MaxLifetime + expected.ClockSkew)
        {
            return JwtDefect.LivesTooLong;
        }

        // RFC 7519 §4.1.5.
        if (claims.NotBefore - now > expected.ClockSkew)
        {
            return JwtDefect.NotYetValid;
        }

        if (claims.IssuedAt - now > expected.ClockSkew)
        {
            return JwtDefect.IssuedInTheFuture;
        }

        return now - claims.IssuedAt > expected.MaxAge + expected.ClockSkew ? JwtDefect.TooOld : null;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, JsonBytes.CompactOptions));
    }
}
