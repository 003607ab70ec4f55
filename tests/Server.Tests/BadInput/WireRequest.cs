using System.Text;

namespace Server.Tests.BadInput;

/// <summary>
/// A request as it goes over the wire, in parts that can be spoiled one by one. Nothing is checked, escaped or put right: every character of every
/// text is one byte (Latin-1), and query, form and JSON hold what is sent, not what is meant.
/// </summary>
/// <param name="Template">The route's pattern: <c>/console/users/{id}</c>.</param>
internal sealed record WireRequest(string Method, string Template)
{
    public Dictionary<string, string> RouteValues { get; init; } = [];

    public List<(string Name, string? Value)> Query { get; init; } = [];

    public List<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Null: this request has no form.</summary>
    public List<(string Name, string? Value)>? Form { get; init; }

    /// <summary>Null: this request has no JSON object. A value is the text of any JSON.</summary>
    public List<(string Name, string? Value)>? Json { get; init; }

    /// <summary>The JSON object is the one member of a list.</summary>
    public bool IsList { get; init; }

    /// <summary>Instead of form and JSON.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Null: none is said; empty: the one of the body's kind.</summary>
    public string? ContentType { get; set; } = "";

    /// <summary>In pieces of 7 bytes, without a length (RFC 9112 §7.1).</summary>
    public bool Chunked { get; set; }

    public string Path =>
        RouteValues.Aggregate(Template, (path, value) => System.Text.RegularExpressions.Regex.Replace(
            path, $@"\{{\*{{0,2}}{value.Key}(:[^}}]*)?\}}", value.Value.Replace("$", "$$", StringComparison.Ordinal)));

    public string Target => Query.Count == 0 ? Path : $"{Path}?{Join(Query)}";

    public byte[] ToBytes()
    {
        var body = Body ?? BodyOfParts();
        var type = ContentType is not "" ? ContentType : Form is not null ? "application/x-www-form-urlencoded" : Json is not null ? "application/json" : null;
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        if (type is not null)
        {
            head.Append($"Content-Type: {type}\r\n");
        }

        if (Chunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (body is not null)
        {
            head.Append($"Content-Length: {body.Length}\r\n");
        }

        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. Chunked ? InChunks(body ?? []) : body ?? []];
    }

    /// <summary>Enough to send it again by hand.</summary>
    public override string ToString()
    {
        var bytes = ToBytes();
        var shown = new StringBuilder();
        foreach (var value in bytes.AsSpan(0, Math.Min(bytes.Length, 900)))
        {
            shown.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7F => ((char)value).ToString(),
                _ => $"\\x{value:x2}",
            });
        }

        return bytes.Length > 900 ? $"{shown}… ({bytes.Length} bytes)" : shown.ToString();
    }

    private static string Join(IEnumerable<(string Name, string? Value)> pairs) =>
        string.Join('&', pairs.Select(pair => pair.Value is null ? pair.Name : $"{pair.Name}={pair.Value}"));

    private static byte[] InChunks(byte[] body)
    {
        const int Piece = 7;
        return
        [
            .. body.Chunk(Piece).SelectMany(piece => (byte[])[.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8]),
            .. "0\r\n\r\n"u8,
        ];
    }

    private byte[]? BodyOfParts() =>
        Form is not null ? Encoding.Latin1.GetBytes(Join(Form))
        : Json is not null ? Encoding.Latin1.GetBytes(IsList ? $"[{ObjectOf(Json)}]" : ObjectOf(Json))
        : null;

    private static string ObjectOf(List<(string Name, string? Value)> members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";
}
