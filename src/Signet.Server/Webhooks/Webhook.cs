namespace Signet.Server.Webhooks;

/// <summary>A receiver of a tenant's events.</summary>
/// <param name="Events">Patterns in the form of <see cref="EventPattern"/>.</param>
public sealed record Webhook(
    WebhookId Id, string Name, string Url, IReadOnlyList<string> Events, WebhookState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<WebhookSecret> Secrets)
{
    public bool IsActive => State is WebhookState.Active;

    /// <summary>Scheme, host and port: what may stand in the record, as the rest of an address often is a secret itself.</summary>
    public string Receiver => new Uri(Url).GetLeftPart(UriPartial.Authority);
}

/// <summary>A secret that deliveries are signed with, without itself.</summary>
/// <param name="Hint">How it begins, to recognise it by.</param>
/// <param name="ExpiresAt">Null: until it is rotated away.</param>
public sealed record WebhookSecret(Guid Id, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

public enum WebhookState
{
    Active,

    /// <summary>Is told of nothing.</summary>
    Disabled,
}
