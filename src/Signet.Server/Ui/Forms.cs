namespace Signet.Server.Ui;

/// <summary>A value the form carries without showing it.</summary>
public sealed record HiddenValue(string Name, string Value);

/// <summary>The antiforgery token of this browser, as the form field that proves a post came from our page. Set as a request feature.</summary>
public sealed record FormToken(string Name, string Value);

/// <summary>One option of a select or a facet.</summary>
public sealed record Choice(string Value, string Label);

/// <summary>What is wrong with one field, in words that say how to mend it; an empty field name means the form as a whole.</summary>
public sealed record FieldError(string Field, string Message);

/// <summary>Everything wrong with a submitted form. A form cascades it, and each field finds its own message by its name.</summary>
public sealed record FormErrors(IReadOnlyList<FieldError> All)
{
    public static FormErrors None { get; } = new([]);

    public static FormErrors Of(string message) => new([new("", message)]);

    public bool Any => All.Count > 0;

    public string? For(string field) => All.FirstOrDefault(error => error.Field == field)?.Message;
}
