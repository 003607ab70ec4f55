using System.Buffers.Text;

namespace Signet.Platform.Crypto;

/// <summary>Reads a secret's text from its source and decodes it, or says by name what is wrong with it.</summary>
internal static class SecretText
{
    public const int Length = 32;

    // Where container runtimes mount secrets; they make them 0444 in a file system that only the container sees.
    private const string ContainerSecrets = "/run/secrets/";

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static byte[] Read(BootstrapSecret secret, SecretSource source) =>
        TryDecode(ReadText(secret, source)) ?? throw new SecretUnusableException(
            secret, SecretFault.Malformed, $"{Describe(secret, source)} must hold 32 bytes in hexadecimal (64 digits) or base64url (43 characters).");

    public static string ReadText(BootstrapSecret secret, SecretSource source)
    {
        if (source is SecretSource.Value value)
        {
            return value.Text.Trim();
        }

        var path = ((SecretSource.File)source).Path;
        try
        {
            RefuseIfOpen(secret, path);
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretUnusableException(secret, SecretFault.Missing, $"{Describe(secret, source)} does not exist.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SecretUnusableException(secret, SecretFault.Missing, $"{Describe(secret, source)} can't be read by this account.", e);
        }
    }

    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Length];
        return text.Length switch
        {
            2 * Length => Convert.FromHexString(text, bytes, out _, out var fromHex) is System.Buffers.OperationStatus.Done && fromHex == Length ? bytes : null,
            43 => Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == Length ? bytes : null,
            _ => null,
        };
    }

    public static string Describe(BootstrapSecret secret, SecretSource source) => source is SecretSource.File file
        ? $"The secret file {file.Path}"
        : $"The given secret {BootstrapSecrets.FileNameOf(secret)}";

    private static void RefuseIfOpen(BootstrapSecret secret, string path)
    {
        var tooMuch = Path.GetFullPath(path).StartsWith(ContainerSecrets, StringComparison.Ordinal)
            ? OthersWrite
            : OthersWrite | UnixFileMode.OtherRead;
        if ((File.GetUnixFileMode(path) & tooMuch) != UnixFileMode.None)
        {
            throw new SecretUnusableException(secret, SecretFault.TooOpen, $"The secret file {path} is open to others on this machine; run: chmod 600 '{path}'");
        }
    }
}
