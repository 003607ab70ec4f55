using System.Text;
using System.Text.Json;

namespace Server.Tests.BadInput;

/// <summary>Values nobody should send: the same ones for the same seed.</summary>
internal sealed class Wild(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "null", "true", "-1", "0", "99999999999999999999", "1e400", "NaN", "[]", "{}", "\0", "a\0b", "\r\n", "\t", "a\r\nSet-Cookie: x=y",
        "'", "\"", "'; drop table users; --", "%", "%00", "%ff%fe", "${jndi:x}", "../../../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}",
        "\uD800", "\uDC00x", "\uFFFE\uFFFF", "\u202Eabc", "e\u0301\u0301\u0301", "ﬀ", "İ", "𝕏", "openid openid", "openid  profile", "user@example.test",
        "http://localhost:9799/cb", "http://localhost:9799/cb#x", "//evil.example", "javascript:alert(1)", "https://a:b@c/", "00000000-0000-0000-0000-000000000000",
        "0197f2a0-0000-7000-8000-000000000001", "authorization_code", "refresh_token", "client_credentials", "password", "code", "S256", "none", "login consent",
        "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA", "a.b.c", "....", "sgt_at_x", "2026-02-30T25:61:61Z", "9999-12-31T23:59:59.9999999Z", "owner",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/xml",
        "application/json; charset=utf-16", "application/json; charset=nope", "application/x-www-form-urlencoded; charset=utf-7", "x", "application/problem+json", "a/b;c",
    ];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    public bool OneIn(int chances) => random.Next(chances) == 0;

    public T Of<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    /// <summary>So many of them, each once.</summary>
    public IReadOnlyList<T> Some<T>(IReadOnlyList<T> list, int count)
    {
        var shuffled = list.ToArray();
        random.Shuffle(shuffled);
        return shuffled[..Math.Min(count, shuffled.Length)];
    }

    public string ContentType() => Of(ContentTypes);

    public string Text() => random.Next(10) switch
    {
        0 => new string((char)random.Next(1, 0x3000), random.Next(1, 40)),
        1 => new string('a', 1 << random.Next(4, 16)),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(0x10000))),
        _ => Of(Texts),
    };

    public byte[] Bytes()
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same bytes but for a few that are changed, added, taken away or doubled.</summary>
    public byte[] Changed(byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    changed.RemoveRange(at, Math.Min(random.Next(1, 8), changed.Count - at));
                    break;
                default:
                    changed.InsertRange(at, changed.GetRange(at, Math.Min(random.Next(1, 40), changed.Count - at)));
                    break;
            }
        }

        return [.. changed];
    }

    /// <summary>Only what may stand in a header's line.</summary>
    public string HeaderText() =>
        string.Concat((OneIn(2) ? Text() : Convert.ToBase64String(Bytes())).Where(c => c is >= ' ' and not '\x7F' and < '\u0100')) is var text
            ? text[..Math.Min(text.Length, 4000)]
            : "";

    /// <summary>What a JSON member may hold, as the text that goes on the wire.</summary>
    public string JsonValue() => random.Next(9) switch
    {
        0 => "null",
        1 => "-99999999999999999999999",
        2 => "1.5e300",
        3 => "[[[{}]]]",
        4 => "{\"a\":{\"b\":[1,null]}}",
        5 => "\"\\u0000\"",
        6 => "\"\\ud800\"",
        7 => OneIn(2) ? "true" : "[\"\\u0000\",1]",
        _ => JsonSerializer.Serialize(Text()),
    };

    public byte[] BrokenJson() => random.Next(7) switch
    {
        0 => Encoding.UTF8.GetBytes(new string('[', 5000)),
        1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 2000))),
        2 => [(byte)'{', (byte)'"', 0xFF, 0xC0, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
        3 => "{\"email\":\"a\",\"email\":"u8.ToArray(),
        4 => [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'],
        5 => Encoding.Unicode.GetBytes("{\"name\":\"x\"}"),
        _ => Bytes(),
    };
}
