using System.Text.Json;

namespace Signet.OpenIdFederation;

/// <summary>Reads claims one after the other; the first fault stays, and everything read after it is nothing.</summary>
internal sealed class ClaimsReader(JsonElement members)
{
    public FederationFault? Fault { get; private set; }

    public JsonElement Members => members;

    public void Refuse(FaultKind kind, string detail) => Fault ??= new FederationFault(kind, detail);

    public void Refuse(FederationFault? fault) => Fault ??= fault;

    public bool Has(string name) => members.TryGetProperty(name, out _);

    public void Forbid(string name, string where)
    {
        if (Has(name))
        {
            Refuse(FaultKind.MisplacedClaim, $"{name} must not be in {where}.");
        }
    }

    public void Require(string name)
    {
        if (!Has(name))
        {
            Refuse(FaultKind.MissingClaim, $"{name} is missing.");
        }
    }

    /// <summary>The claim if there is one of this kind; another kind is a fault.</summary>
    public JsonElement? Find(string name, JsonValueKind kind)
    {
        if (!members.TryGetProperty(name, out var claim))
        {
            return null;
        }

        if (claim.ValueKind == kind)
        {
            return claim;
        }

        Refuse(FaultKind.InvalidClaim, $"{name} has the wrong type.");
        return null;
    }

    public string? FindText(string name) => Find(name, JsonValueKind.String)?.GetString();

    public string RequireText(string name)
    {
        Require(name);
        return FindText(name) ?? "";
    }

    /// <summary>An entity identifier that must be there. What is returned beside a fault is not used.</summary>
    public EntityId RequireEntity(string name)
    {
        var text = RequireText(name);
        if (EntityId.TryParse(text) is { } entity)
        {
            return entity;
        }

        Refuse(FaultKind.InvalidClaim, $"{name} is no entity identifier.");
        return Placeholder;
    }

    public DateTimeOffset RequireTime(string name, DateTimeOffset? time)
    {
        Require(name);
        return time ?? default;
    }

    /// <summary>A list of different strings, not empty; empty only when the claim is absent.</summary>
    public IReadOnlyList<string> FindTexts(string name)
    {
        if (Find(name, JsonValueKind.Array) is not { } array)
        {
            return [];
        }

        List<string> texts = new(array.GetArrayLength());
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String || item.GetString() is not { } text || !seen.Add(text))
            {
                Refuse(FaultKind.InvalidClaim, $"{name} is an array of different strings.");
                return [];
            }

            texts.Add(text);
        }

        if (texts.Count == 0)
        {
            Refuse(FaultKind.InvalidClaim, $"{name} must not be an empty array.");
        }

        return texts;
    }

    public IReadOnlyList<EntityId> FindEntities(string name)
    {
        List<EntityId> entities = [];
        foreach (var text in FindTexts(name))
        {
            if (EntityId.TryParse(text) is not { } entity)
            {
                Refuse(FaultKind.InvalidClaim, $"{name} holds something that is no entity identifier.");
                return [];
            }

            entities.Add(entity);
        }

        return entities;
    }

    /// <summary>An <c>https</c> URL without fragment.</summary>
    public string? FindUrl(string name)
    {
        var text = FindText(name);
        if (text is null || IsHttpsUrl(text))
        {
            return text;
        }

        Refuse(FaultKind.InvalidClaim, $"{name} is no https URL.");
        return null;
    }

    public static bool IsHttpsUrl(string text) =>
        text.Length <= EntityId.MaxLength && text.StartsWith("https://", StringComparison.Ordinal) && !text.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 && url.UserInfo.Length == 0;

    private static EntityId Placeholder { get; } = EntityId.Parse("https://invalid");
}
