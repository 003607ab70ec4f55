using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation;

/// <summary>
/// The federation keys of an entity: a JWK Set in which every key has a <c>kid</c> of its own (OIDFed §3). Keys that can't sign stay in the set
/// and verify nothing; a private key makes the set unreadable. Made once and kept; safe on any thread.
/// </summary>
public sealed class FederationKeys
{
    /// <summary>Most keys in a set.</summary>
    public const int MaxKeys = 100;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly JsonElement set;
    private readonly Dictionary<string, JsonElement> members;

    // Native keys are made when a signature first asks for them: a statement read for its metadata costs none.
    private readonly Dictionary<string, Lazy<VerificationKey?>> usable;

    private FederationKeys(JsonElement set, Dictionary<string, JsonElement> members)
    {
        this.set = set;
        this.members = members;
        usable = members.ToDictionary(
            pair => pair.Key,
            pair => new Lazy<VerificationKey?>(() => Jwk.TryParse(pair.Value, out _) is { } key ? new VerificationKey(key) : null),
            StringComparer.Ordinal);
    }

    /// <summary>The key ids, in the order of the set.</summary>
    public IReadOnlyCollection<string> Kids => members.Keys;

    /// <summary>The keys that can verify signatures.</summary>
    public IEnumerable<Jwk> Keys => usable.Values.Select(key => key.Value?.Key).OfType<Jwk>();

    /// <summary>The keys that can't, by <c>kid</c>, each with the reason. A superior that enrols the entity should refuse when there is any.</summary>
    public IEnumerable<(string Kid, JwkDefect Defect)> LeftOut
    {
        get
        {
            foreach (var (kid, member) in members)
            {
                if (Jwk.TryParse(member, out var defect) is null)
                {
                    yield return (kid, defect ?? JwkDefect.NotStrictJson);
                }
            }
        }
    }

    /// <summary>Reads a JWK Set from strict JSON; null, with the reason, when it is none or breaks a rule above.</summary>
    public static FederationKeys? TryParse(JsonElement set, out FederationFault? fault)
    {
        fault = null;
        if (set.ValueKind is not JsonValueKind.Object || !set.TryGetProperty("keys", out var keys) || keys.ValueKind is not JsonValueKind.Array
            || keys.GetArrayLength() is 0 or > MaxKeys)
        {
            fault = new FederationFault(FaultKind.InvalidKeys, $"jwks is an object with an array of 1 to {MaxKeys} keys.");
            return null;
        }

        Dictionary<string, JsonElement> read = new(StringComparer.Ordinal);
        foreach (var key in keys.EnumerateArray())
        {
            if (key.ValueKind is not JsonValueKind.Object || !key.TryGetProperty("kid", out var kid) || kid.ValueKind is not JsonValueKind.String
                || kid.GetString() is not { Length: > 0 } name)
            {
                fault = new FederationFault(FaultKind.InvalidKeys, "Every key of jwks is an object with a kid.");
                return null;
            }

            if (Array.Exists(PrivateMembers, member => key.TryGetProperty(member, out _)))
            {
                fault = new FederationFault(FaultKind.InvalidKeys, $"The key {FederationFault.Quote(name)} of jwks is a private or symmetric one.");
                return null;
            }

            if (!read.TryAdd(name, key))
            {
                fault = new FederationFault(FaultKind.InvalidKeys, $"The kid {FederationFault.Quote(name)} occurs twice in jwks.");
                return null;
            }
        }

        return new FederationKeys(set.Clone(), read.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal));
    }

    /// <summary>A set of these keys.</summary>
    /// <exception cref="ArgumentException">There is none, or one without <c>kid</c>, or a <c>kid</c> twice.</exception>
    public static FederationKeys Of(params IEnumerable<Jwk> keys) =>
        TryParse(Json.ToElement(new Jwks(keys).WriteTo), out var fault) ?? throw new ArgumentException(fault!.Detail, nameof(keys));

    /// <summary>The key of this <c>kid</c>; null when there is none that can verify.</summary>
    public Jwk? Find(string kid) => FindVerification(kid)?.Key;

    /// <summary>Writes the set as it was read.</summary>
    public void WriteTo(Utf8JsonWriter writer) => Json.WriteRaw(writer, set);

    internal VerificationKey? FindVerification(string kid) => usable.TryGetValue(kid, out var key) ? key.Value : null;
}
