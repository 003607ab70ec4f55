using Signet.Jose;

namespace Signet.OpenIdFederation.Statements;

/// <summary>Reads claims we are about to sign with the eyes of those who will read them.</summary>
internal static class DraftCheck
{
    // The reader wants a signed message; which key signed it makes no difference to the form.
    private static readonly Lazy<SigningKey> Key = new(() => SigningKey.Generate(JwsAlgorithm.ES256));

    public static FederationFault? FindFault(byte[] claims, FederationRules rules)
    {
        var jwt = Jws.SignCompact(Key.Value, JwtTypes.EntityStatement, claims);
        _ = EntityStatementReader.TryRead(jwt, StatementForm.Statement, rules with { Algorithms = JwsAlgorithm.All }, out var fault);
        return fault;
    }
}
