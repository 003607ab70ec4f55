using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Signet.Server.Ui;

/// <summary>
/// The stylesheet, icons and scripts of the pages. Each address names its content's hash, so an asset never changes beneath its address
/// and caches may keep it for ever; each is compressed once, at start.
/// </summary>
public static class UiAssets
{
    private const string Prefix = "ui/";
    private static readonly string[] Layers = ["reset.css", "tokens.css", "base.css", "components.css", "pages.css"];
    private static readonly FrozenDictionary<string, Asset> ByName = Load();

    public static string Stylesheet { get; } = Href("signet.css");

    public static string Icons { get; } = Href("icons.svg");

    /// <summary>The address of an asset by its file name; an unknown name is a mistake in the program.</summary>
    public static string Href(string name) => ByName[name].Href;

    /// <summary>The symbols an <c>Icon</c> can show.</summary>
    public static IReadOnlyList<string> IconNames { get; } =
        [.. Encoding.UTF8.GetString(ByName["icons.svg"].Plain).Split("<symbol id=\"").Skip(1).Select(symbol => symbol[..symbol.IndexOf('"', StringComparison.Ordinal)])];

    internal static IEnumerable<Asset> All => ByName.Values;

    internal static async Task ServeAsync(HttpContext http, string hash, string name)
    {
        if (!ByName.TryGetValue(name, out var asset))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // While nodes of two versions answer side by side, an address of the other version gets our content, but no cache may keep it.
        var response = http.Response;
        response.Headers.CacheControl = hash == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = asset.ETag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.XContentTypeOptions = "nosniff";
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(asset.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (encoding, body) = asset.For(http.Request.Headers.AcceptEncoding.ToString());
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentType = asset.ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        var stylesheet = string.Join('\n', Layers.Select(layer => Encoding.UTF8.GetString(Read(Prefix + layer))));
        var others = typeof(UiAssets).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !name.EndsWith(".css", StringComparison.Ordinal))
            .Select(name => new Asset(name[Prefix.Length..], Read(name)));
        return others.Append(new Asset("signet.css", Encoding.UTF8.GetBytes(stylesheet))).ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(UiAssets).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks the resource {resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal sealed class Asset
    {
        public Asset(string name, byte[] plain)
        {
            Name = name;
            Plain = plain;
            Hash = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8));
            Brotli = Compress(plain, output => new BrotliStream(output, CompressionLevel.SmallestSize));
            Gzip = Compress(plain, output => new GZipStream(output, CompressionLevel.SmallestSize));
        }

        public string Name { get; }

        public string Hash { get; }

        public byte[] Plain { get; }

        public byte[] Brotli { get; }

        public byte[] Gzip { get; }

        public string ETag => $"\"{Hash}\"";

        public string Href => $"/assets/{Hash}/{Name}";

        public string ContentType => Path.GetExtension(Name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };

        public (string? Encoding, byte[] Body) For(string acceptEncoding) =>
            acceptEncoding.Contains("br", StringComparison.OrdinalIgnoreCase) ? ("br", Brotli)
            : acceptEncoding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? ("gzip", Gzip)
            : (null, Plain);

        private static byte[] Compress(byte[] plain, Func<Stream, Stream> open)
        {
            using var output = new MemoryStream();
            using (var compressor = open(output))
                compressor.Write(plain);
            return output.ToArray();
        }
    }
}
