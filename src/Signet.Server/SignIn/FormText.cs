namespace Signet.Server.SignIn;

/// <summary>Reads one field of a form: once, without NUL, and never longer than anything we store.</summary>
public static class FormText
{
    private const int MaxLength = 4096;

    /// <summary>Empty where the field is missing, repeated, too long or not text.</summary>
    public static string Of(IFormCollection form, string name) =>
        form[name] is [{ Length: <= MaxLength } text] && !text.Contains('\0', StringComparison.Ordinal) ? text : "";
}
