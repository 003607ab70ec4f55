using System.Text;

namespace Server.Tests.BadInput;

/// <summary>One thing that is wrong with a request that is right otherwise.</summary>
/// <param name="What">For the report.</param>
/// <param name="MayStayBelow">It is no HTTP, or too long a line of it, so that Kestrel may refuse it before our pipeline begins (see <see cref="WireAnswer.IsOurs"/>).</param>
/// <param name="MayLeadElsewhere">It may be another address.</param>
internal sealed record Spoiled(string What, Action<WireRequest> Spoil, bool MayStayBelow = false, bool MayLeadElsewhere = false)
{
    // Together with the rest of the line it is within Kestrel's 8 KiB.
    private const int LongInQuery = 5000;
    private const int LongInBody = 50_000;
    private const int OverBodyLimit = 300_000;

    private static readonly string[] BadEncodings =
        ["%ff%fe", "%c0%80", "%e0%80%af", "%ed%a0%80", "%f5%80%80%80", "%e2%82", "%", "a%4", "%zz", "%u0041", "%25%30%30", "+%2B+", "%0d%0aSet-Cookie:x=y"];

    private static readonly string[] Nuls = ["%00", "a%00b", "%2500"];

    private static readonly string[] BadLengths = ["-1", "0x10", "1, 2", "99999999999999999999", "a"];

    /// <summary>Every parameter in every way that is wrong, then every header, then the body as a whole.</summary>
    public static IEnumerable<Spoiled> All(Route route, IReadOnlyList<Parameter> parameters, Wild wild) =>
    [
        .. parameters.SelectMany(parameter => parameter.Place switch
        {
            Place.Route => OfRoute(parameter.Name, wild),
            Place.Json => OfJson(parameter.Name, wild),
            _ => OfText(parameter.Place, parameter.Name, wild),
        }),
        .. Parameters.Headers.Select(header => OfHeader(header, wild)),
        .. OfQuery(wild),
        .. route.IsReading ? [] : OfBody(wild),
    ];

    private static IEnumerable<Spoiled> OfText(Place place, string name, Wild wild)
    {
        (string Kind, (string Name, string? Value)[] Pairs)[] ways =
        [
            ("missing", []),
            ("empty", [(name, wild.OneIn(2) ? "" : null)]),
            ("repeated", [(name, "a"), (name, wild.OneIn(2) ? "a" : "b")]),
            ("oversized", [(name, new string('a', place is Place.Query ? LongInQuery : LongInBody))]),
            ("of another type", [(name, Escape(Short(wild.Text())))]),
            ("badly encoded", [(name, wild.Of(BadEncodings))]),
            ("with NUL", [(name, wild.Of(Nuls))]),
            ("random", [(name, Escape(wild.Bytes()))]),
            ("under another name", [(wild.Of([$"{name}[]", $"{name}[0]", $"%{(int)name[0]:x2}{name[1..]}", name.ToUpperInvariant(), $"{name}%00", $" {name}".Replace(' ', '+')]), "a")]),
        ];
        return ways.Select(way => new Spoiled($"{place} {name} {way.Kind}", request =>
        {
            var pairs = place is Place.Query ? request.Query : request.Form!;
            pairs.RemoveAll(pair => pair.Name == name);
            pairs.AddRange(way.Pairs);
        }));
    }

    private static IEnumerable<Spoiled> OfJson(string name, Wild wild)
    {
        (string Kind, string[] Values)[] ways =
        [
            ("missing", []),
            ("null", ["null"]),
            ("repeated", ["\"a\"", "\"a\""]),
            ("oversized", [$"\"{new string('a', LongInBody)}\""]),
            ("a number", [wild.Of(["-1", "1e400", "99999999999999999999", "1.5", "0"])]),
            ("of another type", [wild.Of(["true", "[]", "{}", "[[[{}]]]", "[\"\",null]", "\"x\"", "[\"x\",\"x\"]", "\"0\""])]),
            ("with NUL", [wild.Of(["\"\\u0000\"", "\"a\\u0000b\"", "[\"\\u0000\"]"])]),
            ("badly encoded", [wild.Of(["\"\\ud800\"", "\"\xff\xfe\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\\x41\"", "\"a\nb\"", "'a'"])]),
            ("wild", [AsBytes(wild.JsonValue())]),
        ];
        return ways.Select(way => new Spoiled($"JSON {name} {way.Kind}", request =>
        {
            request.Json!.RemoveAll(member => member.Name == name);
            request.Json.AddRange(way.Values.Select(value => (name, (string?)value)));
        }));
    }

    private static IEnumerable<Spoiled> OfRoute(string name, Wild wild)
    {
        string[] here = ["x", "-1", "99999999999999999999", "a%20b", "%22%3e%3cb%3e", "%c3%a9", "%25", "%2500", "0197f2a0-0000-7000-8000-00000000000g", new('a', 2000), "{id}", "*", "a;b=c"];
        string[] elsewhere = ["%2f", "..%2f..%2f", "..", ".", "%2e%2e", "a%5cb", "a//b", "", "?", "a%23b", "%", "%zz", "%ff%fe", "%c0%ae", "%ed%a0%80", "%e2%82"];
        string[] below = ["%00", "a%00b", "a b", "\x01", "\xff\xfe", "\xc3\xa9", new('a', 9000)];
        return
        [
            .. wild.Some(here, 4).Append("").Where(value => value.Length > 0).Select(value => Put(value, elsewhere: false, below: false)),
            .. wild.Some(elsewhere, 3).Select(value => Put(value, elsewhere: true, below: true)),
            .. wild.Some(below, 2).Select(value => Put(value, elsewhere: true, below: true)),
            Put(Escape(wild.Bytes()), elsewhere: true, below: true),
        ];

        Spoiled Put(string value, bool elsewhere, bool below) => new($"route {name} wrong", request => request.RouteValues[name] = value, below, elsewhere);
    }

    private static Spoiled OfHeader(string name, Wild wild)
    {
        var (kind, values) = wild.Next(7) switch
        {
            0 => ("missing", Array.Empty<string>()),
            1 => ("repeated", [wild.HeaderText(), wild.HeaderText()]),
            2 => ("long", [new string('a', 7000)]),
            3 => ("oversized", [new string('a', 40_000)]),
            4 => ("badly encoded", [wild.Of(["\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "caf\xe9", "a\0b", "a\x01b", "a\rb"])]),
            5 => ("wild", [wild.HeaderText()]),
            _ => ("almost right", [wild.Of(AlmostRight(name))]),
        };
        // HTTP/1.1 wants exactly one good Host (RFC 9112 §3.2); what of a header is HTTP's own business is refused below us too.
        var below = kind is "oversized" || values.Any(value => value.Any(c => c is < ' ' or > '~')) || name is "Host" or "Connection" or "Upgrade" or "Expect";
        return new Spoiled($"header {name} {kind}", request =>
        {
            request.Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (name is "Content-Type")
            {
                request.ContentType = null;
            }

            request.Headers.AddRange(values.Select(value => (name, value)));
        }, below, MayLeadElsewhere: name is "Host" or "X-Forwarded-Host");
    }

    private static string[] AlmostRight(string name) => name switch
    {
        "Authorization" => ["Bearer", "Bearer ", "Basic", "Basic !!!", "Basic Og==", "Basic //79", "Basic AAAA", "Digest x", "bearer a b", "Basic " + Convert.ToBase64String("a:b:c%zz"u8)],
        "Cookie" => ["signet_session", "signet_session=", "signet_session=a; signet_session=b", ";;;=", "signet_browser=%00", "signet_browser=\"", "a=\xff", "__Host-signet_session=x"],
        "X-Forwarded-For" => ["::1", "a, b", ",,,", "999.1.1.1", "1.2.3.4:99999", "[::1]:1, unknown", "127.0.0.1, 127.0.0.1", "_hidden"],
        "X-Forwarded-Proto" => ["https", "HTTPS, http", "ftp", ","],
        "X-Forwarded-Host" => ["evil.example", "a b", "localhost:99999", "[::1", "..", "-", "localhost,evil.example"],
        "Host" => ["", "a b", "localhost:99999", "[::1", "a/b", "a@b", "%00", "unknown.example"],
        "Content-Type" => ["", ";", "application/json; charset=nope", "application/json; charset=utf-16", "multipart/form-data", "application/x-www-form-urlencoded; charset=utf-7", "a/b/c", "*/*"],
        "Origin" => ["null", "https://evil.example", "http://localhost, http://localhost", "//"],
        "Expect" => ["100-continue", "200-ok"],
        "Connection" => ["close", "upgrade", "x"],
        "Range" => ["bytes=0-", "bytes=-1--2", "x"],
        "Accept-Language" => ["*", "xx-invalid", "de;q=2", "de;q=", ",,,;;;", "\x7f"[..0]],
        _ => ["\"", "W/", "*", "0", ",", ";q=", "same-site", "cross-site"],
    };

    private static IEnumerable<Spoiled> OfQuery(Wild wild) =>
    [
        new("query unasked for", request => request.Query.AddRange([(Escape(Short(wild.Text())), Escape(Short(wild.Text()))), ("", ""), ("=", null), ("__proto__", "x"), ("a[b][c]", "1")])),
        new("query of a thousand", request => request.Query.AddRange(Enumerable.Range(0, 1000).Select(_ => ("a", (string?)"b")))),
        new("query too long", request => request.Query.Add(("a", new string('a', 10_000))), MayStayBelow: true),
        new("query of raw bytes", request => request.Query.Add(("a", Encoding.Latin1.GetString(wild.Bytes()))), MayStayBelow: true, MayLeadElsewhere: true),
    ];

    private static IEnumerable<Spoiled> OfBody(Wild wild)
    {
        yield return Body("none", request => request.Body = []);
        yield return Body("without a type", request => request.ContentType = null);
        yield return Body("of another type", request => request.ContentType = wild.ContentType());
        yield return Body("random", request => request.Body = wild.Bytes());
        yield return Body("random in chunks", request => (request.Body, request.Chunked) = (wild.Bytes(), true));
        yield return Body("broken JSON", request => (request.Body, request.ContentType) = (wild.BrokenJson(), "application/json"));
        yield return Body("JSON of another kind", request => (request.Body, request.ContentType) = (Encoding.UTF8.GetBytes(wild.JsonValue()), "application/json"));
        yield return Body("broken multipart", request => (request.Body, request.ContentType) =
            (wild.Of<byte[]>(["--x\r\n"u8.ToArray(), "--x\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\na"u8.ToArray(), "--x--"u8.ToArray(), wild.Bytes()]), "multipart/form-data; boundary=x"));
        yield return Body("form of a thousand fields", request =>
            (request.Body, request.ContentType) = (Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(n => $"f{n}=x&"))), "application/x-www-form-urlencoded"));
        yield return Body("form with a long name", request =>
            (request.Body, request.ContentType) = (Encoding.ASCII.GetBytes($"{new string('a', 3000)}=x"), "application/x-www-form-urlencoded"));
        yield return Body("too large", request => request.Body = new byte[OverBodyLimit]);
        yield return Body("too large in chunks", request => (request.Body, request.Chunked) = (new byte[OverBodyLimit / 2], true));
        yield return Body("compressed, it says", request => request.Headers.Add(("Content-Encoding", "gzip")));
        yield return Body("of a length that is none", request => request.Headers.Add(("Content-Length", wild.Of(BadLengths))), below: true);
        yield return Body("in an unknown coding", request => request.Headers.Add(("Transfer-Encoding", "gzip")), below: true);

        static Spoiled Body(string what, Action<WireRequest> spoil, bool below = false) => new($"body {what}", spoil, below);
    }

    private static string Short(string text) => text[..Math.Min(text.Length, 200)];

    private static string Escape(string text) => Escape(Encoding.UTF8.GetBytes(text));

    private static string Escape(byte[] bytes) => string.Concat(bytes.Select(value => $"%{value:x2}"));

    private static string AsBytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
