using System.Text.Json;

namespace Signet.OAuth.Tokens;

/// <summary>What is known of a person. Only the claims of granted scopes are ever written (OIDC Core §5.4).</summary>
/// <param name="Subject">The person, as this client knows them.</param>
public sealed record UserClaims(string Subject)
{
    /// <summary>Full name.</summary>
    public string? Name { get; init; }

    /// <summary>First name.</summary>
    public string? GivenName { get; init; }

    /// <summary>Last name.</summary>
    public string? FamilyName { get; init; }

    /// <summary>A short name that is not proven unique.</summary>
    public string? PreferredUsername { get; init; }

    /// <summary>URL of a picture.</summary>
    public string? Picture { get; init; }

    /// <summary>Time zone.</summary>
    public string? ZoneInfo { get; init; }

    /// <summary>BCP 47 tag.</summary>
    public string? Locale { get; init; }

    /// <summary>When any of this changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Whether a mail to the address was answered.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>Telephone number in E.164 form.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Whether a message to the number was answered.</summary>
    public bool PhoneNumberVerified { get; init; }

    /// <summary>OIDC Core §5.3.2: the body of the UserInfo answer.</summary>
    public byte[] ToUtf8Json(ScopeSet granted) => ClaimsJson.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("sub"u8, Subject);
        WriteMembers(writer, granted);
        writer.WriteEndObject();
    });

    /// <summary>OIDC Core §5.4: the claims of the granted scopes, without <c>sub</c>, into an object that is open.</summary>
    public void WriteMembers(Utf8JsonWriter writer, ScopeSet granted)
    {
        if (granted.Contains("profile"))
        {
            writer.Optional("name"u8, Name);
            writer.Optional("given_name"u8, GivenName);
            writer.Optional("family_name"u8, FamilyName);
            writer.Optional("preferred_username"u8, PreferredUsername);
            writer.Optional("picture"u8, Picture);
            writer.Optional("zoneinfo"u8, ZoneInfo);
            writer.Optional("locale"u8, Locale);
            writer.Optional("updated_at"u8, UpdatedAt);
        }

        if (granted.Contains("email") && Email is not null)
        {
            writer.WriteString("email"u8, Email);
            writer.WriteBoolean("email_verified"u8, EmailVerified);
        }

        if (granted.Contains("phone") && PhoneNumber is not null)
        {
            writer.WriteString("phone_number"u8, PhoneNumber);
            writer.WriteBoolean("phone_number_verified"u8, PhoneNumberVerified);
        }
    }
}
