using Microsoft.AspNetCore.Components;

namespace Signet.Server.Ui;

/// <summary>
/// What every form field shares: its id is its name, its message is found by its name in the form's errors, and help and message are tied to the input
/// for screen readers (WCAG 2.2 §1.3.1, §3.3.1).
/// </summary>
public abstract class InputField : ComponentBase
{
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>One sentence beneath the input.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>Overrides the message found in the form's errors.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Needed when two forms of one page have a field of the same name.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Parameter]
    public bool Required { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Marks the label of a field that may stay empty; required fields are the rule and go unmarked.</summary>
    [Parameter]
    public bool Optional { get; set; }

    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? More { get; set; }

    [CascadingParameter]
    private FormErrors? FormErrors { get; set; }

    protected string FieldId => Id ?? Name;

    protected string? Message => Error ?? FormErrors?.For(Name);

    protected string? Invalid => Message is null ? null : "true";

    protected string? DescribedBy => (Message, Help) switch
    {
        (null, null) => null,
        (null, _) => $"{FieldId}-help",
        (_, null) => $"{FieldId}-error",
        _ => $"{FieldId}-error {FieldId}-help",
    };
}
