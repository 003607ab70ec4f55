using Signet.Server.Secrets;

namespace Signet.Server.Passwords;

internal static class PasswordColumns
{
    public static readonly EncryptedColumn Hash = new("passwords", "hash", "user_id");
}
