namespace Signet.Server.SignIn;

/// <summary>Reads one field of a form: once, without NUL, and never longer than anything we store.</summary>
public static class FormText
{
    private const int MaxLength = 4096;
    private const int LongestText = 65536;

    /// <summary>Empty where the field is missing, repeated, too long or not text.</summary>
    public static string Of(IFormCollection form, string name) => Of(form, name, MaxLength);

    /// <summary>The same for documents: certificates, JSON.</summary>
    public static string Long(IFormCollection form, string name) => Of(form, name, LongestText);

    private static string Of(IFormCollection form, string name, int most) =>
        form[name] is [{ } text] && text.Length <= most && !text.Contains('\0', StringComparison.Ordinal) ? text : "";
}
