using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Signet.Platform.Migrations;

/// <summary>One numbered step of the schema. What has been applied is never edited; the checksum of its bytes shows if it was.</summary>
public sealed partial record Migration(int Version, string Name, string Sql, string Checksum)
{
    private const string Prefix = "migrations/";

    /// <summary>The steps this build brings, in order.</summary>
    public static IReadOnlyList<Migration> Embedded { get; } = ReadFrom(typeof(Migration).Assembly);

    public override string ToString() => $"{Version:0000}_{Name}";

    /// <param name="fileName"><c>NNNN_name.sql</c></param>
    public static Migration Parse(string fileName, byte[] content)
    {
        var name = FileName().Match(fileName);
        if (!name.Success)
        {
            throw new FormatException($"A migration is called NNNN_name.sql, not {fileName}.");
        }

        return new Migration(
            int.Parse(name.Groups["version"].ValueSpan),
            name.Groups["name"].Value,
            Encoding.UTF8.GetString(content),
            Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static Migration[] ReadFrom(Assembly assembly)
    {
        Migration[] found =
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => Read(assembly, name))
                .OrderBy(m => m.Version),
        ];
        return found.GroupBy(m => m.Version).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? throw new InvalidOperationException($"Two migrations have the number {twice.Key:0000}: {string.Join(", ", twice)}.")
            : found;
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var content = assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return Parse(resource[Prefix.Length..], bytes);
    }

    [GeneratedRegex(@"^(?<version>\d{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex FileName();
}
