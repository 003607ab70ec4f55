using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A certificate of an agent as a form has it: the certificate itself, or who issues it for which name.</summary>
public sealed record CertificateForm
{
    public const string NoAuthority = "";

    /// <summary>How names are called in requests; the first is what a form begins with.</summary>
    public static IReadOnlyList<Choice> NameKinds { get; } =
    [
        new("subject_dn", "The whole subject"), new("san_dns", "Alternative name: host"), new("san_uri", "Alternative name: URI, such as a SPIFFE ID"),
        new("san_ip", "Alternative name: IP address"), new("san_email", "Alternative name: mail address"),
    ];

    public static IReadOnlyList<Choice> Ends { get; } = [new("0", "As long as the certificate"), new("30", "30 days"), new("90", "90 days"), new("365", "A year")];

    public string Pem { get; init; } = "";

    public string Authority { get; init; } = NoAuthority;

    public string NameKind { get; init; } = "subject_dn";

    public string CertificateName { get; init; } = "";

    public string Days { get; init; } = "0";

    public static CertificateForm Read(IFormCollection form) => new()
    {
        Pem = FormText.Long(form, "pem").Trim(),
        Authority = FormText.Of(form, "authority").Trim(),
        NameKind = FormText.Of(form, "name_kind"),
        CertificateName = FormText.Of(form, "certificate_name").Trim(),
        Days = FormText.Of(form, "expires_in_days"),
    };

    /// <summary>What no request can be made of; the rest is for the use case to judge.</summary>
    public Problem? Refuse() =>
        !Ends.Any(choice => choice.Value == Days) ? Wrong("expiresAt", "is to be one of those offered")
        : Pem.Length > 0 && (Authority.Length > 0 || CertificateName.Length > 0) ? Wrong("certificate", "one of the two is to be given: the certificate, or who issues it")
        : Pem.Length == 0 && Authority.Length == 0 ? Wrong("certificate", "the certificate is to be given, or who issues it")
        : Pem.Length == 0 && !AuthorityId.TryParse(Authority, null, out _) ? Wrong("authority", "is to be one of those offered")
        : Pem.Length == 0 && !NameKinds.Any(kind => kind.Value == NameKind) ? Wrong("name_kind", "is to be one of those offered")
        : Pem.Length == 0 && CertificateName.Length == 0 ? Wrong("name", "is to be given")
        : null;

    public ManageCredentials.Wish ToWish(DateTimeOffset now) => new(
        Days == "0" ? null : now.AddDays(int.Parse(Days, System.Globalization.CultureInfo.InvariantCulture)), CredentialKind.Certificate,
        Certificate: Pem.Length > 0 ? new CertificateWish(Pem: Pem) : new CertificateWish(
            AuthorityId: AuthorityId.TryParse(Authority, null, out var authority) ? authority : null,
            SubjectDn: Named("subject_dn"), SanDns: Named("san_dns"), SanUri: Named("san_uri"), SanIp: Named("san_ip"), SanEmail: Named("san_email")));

    /// <summary>The API's words, each beside its field.</summary>
    public FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => ErrorOf(field.Key, message)))]),
        _ => new FormErrors([new FieldError(Pem.Length > 0 ? "pem" : "certificate_name", problem.Title)]),
    };

    private FieldError ErrorOf(string field, string message) => field switch
    {
        "authority" => new("authority", $"The authority {message}."),
        "name_kind" => new("name_kind", $"The kind of name {message}."),
        "name" => new("certificate_name", $"The name {message}."),
        "expiresAt" => new("expires_in_days", $"The end {message}."),
        _ => new(Pem.Length > 0 || Authority.Length == 0 ? "pem" : "certificate_name", $"The certificate: {message}."),
    };

    private string? Named(string kind) => NameKind == kind ? CertificateName : null;

    private static Problem Wrong(string field, string message) => AgentProblems.Invalid.WithError(field, message);
}
