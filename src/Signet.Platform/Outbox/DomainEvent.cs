using System.Text.Json.Serialization;

namespace Signet.Platform.Outbox;

/// <summary>
/// Something that happened, in the past tense. Its public properties are its data: text, ids, numbers, times, booleans, lists of text.
/// Written in the transaction of what it tells of: once to the audit record, and to the outbox where somebody subscribes.
/// </summary>
public abstract record DomainEvent
{
    /// <summary>Stable dotted name, past tense last: <c>users.created</c>, <c>auth.login.failed</c>.</summary>
    [JsonIgnore]
    public abstract string Action { get; }

    [JsonIgnore]
    public virtual Outcome Outcome => Outcome.Success;

    /// <summary>What it happened to: <c>("client", "0197…")</c>.</summary>
    [JsonIgnore]
    public abstract Target Target { get; }

    /// <summary>The person whose key protects the <see cref="PersonalAttribute"/> fields; null where there is none.</summary>
    [JsonIgnore]
    public virtual Guid? Subject => null;
}

public enum Outcome
{
    Success,
    Failure,
}

/// <summary>The thing an event is about: its kind in one lower-case word, and its id.</summary>
public readonly record struct Target(string Kind, string Id);

/// <summary>Data about a person: encrypted under that person's key in the audit record, so that erasing the key erases it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute;
