using Signet.Jose;

namespace Signet.Load;

/// <summary>Assertions made ahead, so that what is measured is the server and not who signs (RFC 7523 §2.2).</summary>
internal static class Assertions
{
    public static void Write(TextWriter output, string keyFile, string client, string issuer, int count)
    {
        using var key = SigningKey.TryImport(File.ReadAllBytes(keyFile), out var defect) ?? throw new InvalidDataException($"{keyFile}: {defect}");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var number = 0; number < count; number++)
        {
            output.WriteLine(Jwt.Issue(key, "JWT", (client, issuer, now, number), static (writer, claims) =>
            {
                writer.WriteString("iss", claims.client);
                writer.WriteString("sub", claims.client);
                writer.WriteString("aud", claims.issuer);
                writer.WriteString("jti", $"{claims.now}-{claims.number}");
                writer.WriteNumber("iat", claims.now);
                writer.WriteNumber("exp", claims.now + 240);
            }));
        }
    }
}
