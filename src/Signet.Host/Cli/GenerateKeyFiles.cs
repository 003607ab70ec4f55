using Signet.Jose;

namespace Signet.Host.Cli;

/// <summary>
/// Writes a new key pair as files: <c>publickeys/KID.json</c> first, for everybody to read, then <c>private.json</c> for its owner alone, made
/// exclusively, so that of two runs at once one wins. Old public keys stay where they are, and so stay published.
/// </summary>
internal static class GenerateKeyFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static int Run(JwsAlgorithm algorithm, string folder, bool force)
    {
        var privatePath = Path.Combine(folder, "private.json");
        if (File.Exists(privatePath) && !force)
        {
            return Refuse(privatePath);
        }

        using var key = SigningKey.Generate(algorithm);
        var publicFolder = Path.Combine(folder, "publickeys");
        var publicPath = Path.Combine(publicFolder, $"{key.Kid}.json");
        try
        {
            Directory.CreateDirectory(publicFolder);
            Write(publicPath, key.PublicKey.ToIndentedUtf8Json(), FileMode.Create, Everybody);
            Write(privatePath, key.ExportPrivateIndented(), force ? FileMode.Create : FileMode.CreateNew, OwnerOnly);
        }
        catch (IOException) when (!force && File.Exists(privatePath))
        {
            // Another run was faster between the look and the write.
            File.Delete(publicPath);
            return Refuse(privatePath);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Output.Fail($"--output: {refused.Message}");
        }

        Output.Line($"Generated {algorithm.Name} key with KID: {key.Kid}");
        Output.Line(privatePath);
        Output.Line(publicPath);
        return 0;
    }

    private static void Write(string path, byte[] content, FileMode mode, UnixFileMode permissions)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, UnixCreateMode = permissions });
        // A file that was there keeps its own mode otherwise.
        File.SetUnixFileMode(file.SafeFileHandle, permissions);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static int Refuse(string path)
    {
        var code = Output.Fail($"{path} already exists.");
        Console.Error.WriteLine("Re-run with --force to overwrite it: everything signed with the old key is then refused once its public key is withdrawn.");
        return code;
    }
}
