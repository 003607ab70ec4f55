using System.Text.Json;
using Signet.Server.Clients;
using Signet.Server.Ui;
using Signet.Testing;

namespace Server.Tests.BadInput;

/// <summary>What a parameter of a name means when it is meant well, so that a request with one thing wrong comes as far as that one thing.</summary>
internal sealed class GoodValues(WholeServer server, Stage stage)
{
    public const string RedirectUri = "http://localhost:9799/cb";

    /// <summary>Who has a trust mark.</summary>
    public const string Marked = "https://marked.example.test";

    private const string Password = "correct horse battery staple";
    private const string Somebody = "0197f2a0-0000-7000-8000-000000000001";
    private static readonly string Challenge = TestSignet.ChallengeOf("0123456789012345678901234567890123456789012");

    /// <summary>As text; null where a good request does without.</summary>
    public string? TextOf(Route route, string name, Scene scene) => name switch
    {
        "_token" => server.Browser.Field,
        "email" => route.Template.EndsWith("in", StringComparison.Ordinal) ? server.Owner.Email.Value : $"{Stage.NewWord()}@example.test",
        "password" => Password,
        "name" or "display_name" or "organization_name" => "Somebody",
        "tmtype" => route.Kind is "trustmarks" or "trust-marks" ? stage.MarkType : $"https://federation.example.test/{Stage.NewWord()}",
        "domain" => $"https://{Stage.NewWord()}.example.test",
        // Nobody listens there, which is known at once.
        "entityid" => "https://entity.localhost:1",
        "url" when route.Template.EndsWith("/fetch-config", StringComparison.Ordinal) => "https://entity.localhost:1",
        "valid_for" => route.Kind is "subordinates" ? "24" : "240",
        "renewal_time" => "48",
        "trust_mark_type" => stage.MarkType,
        "sub" when route.Template is "/fetch" or "/subordinate_events" => stage.Subordinate,
        "sub" when route.Template.StartsWith("/trust_mark", StringComparison.Ordinal) => Marked,
        "issuer" when route.Template.Contains("/trust", StringComparison.Ordinal) && !IsOfTrust(route) => "https://issuer.example.test",
        "policies" => "[]",
        "metadata" when route.Template.EndsWith("/playground", StringComparison.Ordinal) => "{}",
        "slug" or "organization_slug" => Stage.NewWord(),
        "confirm" => route.Template == "/console/agents/kill-switch" ? server.Tenant.Slug : scene.Confirmation,
        "role" => "user",
        "reason" => "It leaked.",
        "address" => "path",
        "algorithm" or "access_token_algorithm" or "tokenAlgorithm" => "ES256",
        "id_token_algorithm" => "RS256",
        "access_token_seconds" or "tokenSeconds" => "900",
        "version" => "1.0.0",
        "url" => "https://receiver.example.test/events",
        "interfaces" => "https://agent.example.test/a2a",
        "defaultInputModes" or "defaultOutputModes" or "input_modes" or "output_modes" => "text/plain",
        "provider_url" => "https://provider.example.test/",
        "events" => "keys.dropped",
        "capabilities" => "orders:read",
        "labels" when route.Template.StartsWith("/console/", StringComparison.Ordinal) => "team:pay",
        "attestation_days" or "attestationDays" or "lifetime_days" or "lifetimeDays" or "max_instances" or "maxInstances" => "30",
        "orphan_grace_days" => "7",
        "pem" => NewRoot(),
        "certificate_name" or "authority" => "",
        "name_kind" => "subject_dn",
        "expires_in_days" when route.Template.EndsWith("/certificate", StringComparison.Ordinal) => "0",
        "monthly_tokens" or "agents" or "tokens_a_month" or "requests_a_minute" => "100000",
        "secret" => "sgt_as_nobodys",
        "expiresAt" => "2031-01-01T00:00:00Z",
        "owner" when route.Template.StartsWith("/console/agents/", StringComparison.Ordinal) || route.Template.StartsWith("/console/blueprints/", StringComparison.Ordinal) => server.Owner.Email.Value,
        "overlap_hours" or "size" => "1",
        "days" or "expires_in_days" => "30",
        "decision" => "allow",
        "token" => route.Template switch
        {
            "/setup" => stage.SetupToken,
            "/oauth2/revoke" => stage.SpareToken,
            "/api/v1/leaked-secrets/github" => "sgt_as_nobodys",
            _ => stage.AccessToken,
        },
        "request" => scene.Waiting is "" ? null : scene.Waiting,
        "return_to" => "/console",
        "redirect_uri" or "redirect_uris" => RedirectUri,
        "scope" when route.Kind == "bc-authorize" => "openid agents:read",
        "scope" => route.Template.EndsWith("/token", StringComparison.Ordinal) ? null : "openid",
        "resources" => "https://api.example.test",
        "delegateeAgentId" => scene.Id,
        "audience" when route.Kind == "delegate" => "https://api.example.test",
        "audience" when IsOfTrust(route) => "https://signet.example.test",
        "claim" when IsOfTrust(route) => "sub",
        "issuer" when IsOfTrust(route) => "https://issuer.example.test",
        "max_seconds" or "maxTokenSeconds" => "900",
        "rules" when IsOfTrust(route) => "sub = a",
        "scopes" when IsOfTrust(route) => "agents:read",
        "value" when IsOfTrust(route) => "a",
        "scopes" => route.Kind == "delegate" || route.Template.Contains("/agents", StringComparison.Ordinal) || route.Template.Contains("blueprints", StringComparison.Ordinal) ? "agents:read" : "openid",
        "client_id" => route.Kind == "bc-authorize" ? null : server.ApplicationId,
        "response_type" => "code",
        "code_challenge" => Challenge,
        "code_challenge_method" => "S256",
        "nonce" => "nonce-1",
        "grant_type" => "client_credentials",
        "code" or "code_verifier" => "0123456789012345678901234567890123456789012",
        "refresh_token" => stage.RefreshToken,
        "id_token_hint" => route.Template.Contains("/logout", StringComparison.Ordinal) ? stage.IdToken : null,
        "q" or "sort" => "a",
        "limit" => "5",
        "from" when route.Template.EndsWith("/transfer", StringComparison.Ordinal) => Somebody,
        "to" when route.Template.EndsWith("/transfer", StringComparison.Ordinal) => server.Owner.Email.Value,
        "from" or "to" => route.Template.EndsWith("/consistency", StringComparison.Ordinal) ? "1" : "2026-01-01T00:00:00Z",
        _ => null,
    };

    /// <summary>A certificate that will do as a root, and as an agent's; each is another.</summary>
    public static string NewRoot() => TestCertificates.MakeRoot(TimeProvider.System.GetUtcNow(), $"CN={Stage.NewWord()}").ExportCertificatePem();

    private static bool IsOfTrust(Route route) => route.Template.Contains("/trust-policies", StringComparison.Ordinal);

    /// <summary>What stands in a path; the id of the scene's thing where the name says no more.</summary>
    public static string OfRoute(string name, Scene scene) => name switch
    {
        "hash" => UiAssets.Stylesheet.Split('/')[^2],
        "name" => UiAssets.Stylesheet.Split('/')[^1],
        "approval" or "credential" => scene.Part,
        _ => scene.Id,
    };

    /// <summary>As JSON of what its schema asks for; null where a good request does without.</summary>
    public string? JsonOf(Route route, string name, JsonElement schema, bool required, JsonElement document, Scene scene)
    {
        var resolved = Resolve(schema, document);
        var text = TextOf(route, name, scene);
        // A credential is a secret where nothing else is said.
        if (name is "certificate")
        {
            return null;
        }

        if (resolved.TryGetProperty("enum", out var values))
        {
            return values[0].GetRawText();
        }

        return TypeOf(resolved) switch
        {
            "boolean" => "true",
            "integer" => text ?? (required ? "1" : null),
            "array" => name switch
            {
                "redirect_uris" => $"[\"{RedirectUri}\"]",
                "grants" => JsonSerializer.Serialize(Enum.GetValues<Grant>().Select(grant => Signet.Platform.Data.SnakeCase.Of(grant))),
                _ when resolved.TryGetProperty("items", out var items) => $"[{JsonOf(route, name, items, required: true, document, scene)}]",
                _ => text is null ? "[]" : $"[{JsonSerializer.Serialize(text)}]",
            },
            "object" when resolved.TryGetProperty("properties", out var members) => "{" + string.Join(',', members.EnumerateObject()
                .Where(member => IsRequired(resolved, member.Name))
                .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{JsonOf(route, member.Name, member.Value, required: true, document, scene)}")) + "}",
            _ => text is null ? (required ? "\"x\"" : null) : JsonSerializer.Serialize(text),
        };
    }

    /// <summary>Follows references, and of alternatives takes the one that is not null.</summary>
    public static JsonElement Resolve(JsonElement schema, JsonElement document)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!.Split('/')[^1];
            return Resolve(document.GetProperty("components").GetProperty("schemas").GetProperty(name), document);
        }

        return schema.TryGetProperty("oneOf", out var choices)
            ? choices.EnumerateArray().Select(choice => Resolve(choice, document)).First(choice => TypeOf(choice) != "null")
            : schema;
    }

    private static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(one => one.ValueEquals(name));

    private static string? TypeOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()).First(one => one != "null")
        : type.GetString();
}
