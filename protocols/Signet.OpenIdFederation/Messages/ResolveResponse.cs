using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.TrustMarks;

namespace Signet.OpenIdFederation.Messages;

/// <summary>An answer of a resolve endpoint (OIDFed §8.3.2).</summary>
public sealed record ResolveResponse
{
    /// <summary>The resolver.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The entity asked about.</summary>
    public required EntityId Subject { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds: that of the chain or of a mark in the answer, whichever is earliest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The resolved metadata of the types asked for.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>The chain from the subject to the anchor.</summary>
    public required IReadOnlyList<string> TrustChain { get; init; }

    /// <summary>The verified trust marks.</summary>
    public IReadOnlyList<TrustMarkEntry> TrustMarks { get; init; } = [];

    /// <summary>Who asked, if it proved who it is; nobody else.</summary>
    public EntityId? Audience { get; init; }

    /// <summary>The resolver's own chain to the same anchor, for the header; empty when left out.</summary>
    public IReadOnlyList<string> IssuerChain { get; init; } = [];

    /// <summary>The answer for a chain.</summary>
    /// <param name="chain">The subject's chain.</param>
    /// <param name="issuer">The resolver.</param>
    /// <param name="entityTypes">The types asked for; none means all. What the subject is not, is not there.</param>
    /// <param name="marks">The marks that were validated and are active.</param>
    /// <param name="now">The moment.</param>
    public static ResolveResponse Of(
        TrustChain chain, EntityId issuer, IReadOnlyList<string> entityTypes, IReadOnlyList<TrustMarkVerification.Valid> marks, DateTimeOffset now) => new()
        {
            Issuer = issuer,
            Subject = chain.Subject,
            IssuedAt = now,
            ExpiresAt = marks.Select(mark => mark.ExpiresAt ?? chain.ExpiresAt).Append(chain.ExpiresAt).Min(),
            Metadata = entityTypes.Count == 0 ? chain.Metadata : Filter(chain.Metadata, entityTypes),
            TrustChain = chain.Jwts,
            TrustMarks = [.. marks.Select(mark => new TrustMarkEntry(mark.Mark.Type, mark.Mark.Jwt))],
        };

    /// <summary>
    /// Reads and verifies an answer; null, with the reason, when it is not that of this resolver about this subject. Whoever believes it trusts
    /// the resolver; <see cref="TrustChain"/> lets the chain be verified independently.
    /// </summary>
    /// <param name="jwt">The answer.</param>
    /// <param name="issuer">The resolver.</param>
    /// <param name="issuerKeys">Its keys.</param>
    /// <param name="subject">The entity asked about.</param>
    /// <param name="self">Who we are, should the answer have an audience; null when we did not say.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static ResolveResponse? TryRead(
        string jwt, EntityId issuer, FederationKeys issuerKeys, EntityId subject, EntityId? self, DateTimeOffset now, FederationRules rules,
        out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.ResolveResponse, rules, out fault, timesLonger: 4) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        reader.Require("metadata");
        reader.Require("trust_chain");
        var response = new ResolveResponse
        {
            Issuer = reader.RequireEntity("iss"),
            Subject = reader.RequireEntity("sub"),
            IssuedAt = reader.RequireTime("iat", message.Claims.IssuedAt),
            ExpiresAt = reader.RequireTime("exp", message.Claims.ExpiresAt),
            Metadata = reader.Find("metadata", JsonValueKind.Object) ?? default,
            TrustChain = reader.FindTexts("trust_chain"),
            TrustMarks = ReadMarks(reader),
            Audience = ReadAudience(message.Claims, self, reader),
            IssuerChain = new ClaimsReader(message.Header).FindTexts("trust_chain"),
        };
        if (response.Issuer != issuer)
        {
            reader.Refuse(FaultKind.WrongIssuer, "The answer is not the resolver's.");
        }

        if (response.Subject != subject)
        {
            reader.Refuse(FaultKind.WrongSubject, "The answer is about another entity.");
        }

        fault = reader.Fault ?? message.FindTimeFault(now, rules) ?? message.FindSignatureFault(issuerKeys, rules);
        return fault is null ? response : null;
    }

    /// <summary>Signs the answer.</summary>
    public string Sign(SigningKey key) =>
        DraftWriter.Sign(key, JwtTypes.ResolveResponse, this, static (writer, response) => response.WriteTo(writer), IssuerChain.Count == 0 ? [] : [("trust_chain", IssuerChain)]);

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("iss"u8, Issuer.Value);
        writer.WriteString("sub"u8, Subject.Value);
        writer.Time("iat"u8, IssuedAt);
        writer.Time("exp"u8, ExpiresAt);
        writer.Optional("aud"u8, Audience?.Value);
        writer.Optional("metadata"u8, Metadata);
        writer.Texts("trust_chain"u8, TrustChain);
        TrustMarkDraft.WriteEntries(writer, TrustMarks);
    }

    private static JsonElement Filter(JsonElement metadata, IReadOnlyList<string> entityTypes) => Json.ToElement(writer =>
    {
        writer.WriteStartObject();
        foreach (var type in metadata.EnumerateObject().Where(type => entityTypes.Contains(type.Name)))
        {
            writer.WritePropertyName(type.Name);
            Json.WriteRaw(writer, type.Value);
        }

        writer.WriteEndObject();
    });

    /// <summary>OIDFed §8.3.2: one audience or none.</summary>
    private static EntityId? ReadAudience(JwtClaims claims, EntityId? self, ClaimsReader reader)
    {
        if (claims.Audiences.Count == 0)
        {
            return null;
        }

        if (self is null || claims.Audiences is not [var only] || !self.Is(only))
        {
            reader.Refuse(FaultKind.WrongAudience, "The answer is for another reader.");
        }

        return self;
    }

    private static List<TrustMarkEntry> ReadMarks(ClaimsReader reader)
    {
        List<TrustMarkEntry> marks = [];
        foreach (var item in reader.Find("trust_marks", JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            var entry = new ClaimsReader(item.ValueKind is JsonValueKind.Object ? item : Json.ToElement(writer => { writer.WriteStartObject(); writer.WriteEndObject(); }));
            marks.Add(new TrustMarkEntry(entry.RequireText("trust_mark_type"), entry.RequireText("trust_mark")));
            reader.Refuse(entry.Fault?.In("trust_marks"));
        }

        return marks;
    }
}
