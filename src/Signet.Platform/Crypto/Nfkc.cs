using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Signet.Platform.Crypto;

/// <summary>
/// Unicode Normalization Form KC (UAX #15 §1.2): one spelling for text that looks or is typed the same, whichever keyboard and system wrote it.
/// Signet runs without the system's culture library, where <see cref="string.Normalize(NormalizationForm)"/> gives back what it was given,
/// and a person's password must not depend on which version of that library a node has.
/// </summary>
public static class Nfkc
{
    // UAX #15 §3.12, Hangul syllables: decomposed and composed by arithmetic.
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Lazy<Tables> Unicode = new(Tables.Load);

    /// <summary>The text in form KC. Surrogates without their partner become U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var tables = Unicode.Value;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(tables, rune.Value, runes);
        }

        Order(tables, runes);
        Compose(tables, runes);
        var result = new StringBuilder(text.Length);
        foreach (var rune in runes)
        {
            result.Append(new Rune(rune));
        }

        return result.ToString();
    }

    private static void Decompose(Tables tables, int rune, List<int> target)
    {
        if (rune - SBase is >= 0 and < SCount and var index)
        {
            target.Add(LBase + (index / (VCount * TCount)));
            target.Add(VBase + (index % (VCount * TCount) / TCount));
            if (index % TCount is > 0 and var trailing)
            {
                target.Add(TBase + trailing);
            }
        }
        else if (tables.Decompositions.TryGetValue(rune, out var parts))
        {
            target.AddRange(parts);
        }
        else
        {
            target.Add(rune);
        }
    }

    // UAX #15 §1.3, canonical ordering: marks of a run in the order of their class, those of one class as they came.
    private static void Order(Tables tables, List<int> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            var end = start;
            while (end < runes.Count && tables.ClassOf(runes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var sorted = runes.GetRange(start, end - start).OrderBy(tables.ClassOf).ToList();
                for (var i = 0; i < sorted.Count; i++)
                {
                    runes[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    // Unicode D117: a mark joins the last starter unless a mark of its class or a higher one stands between.
    private static void Compose(Tables tables, List<int> runes)
    {
        var starter = -1;
        var lastClass = 0;
        var written = 0;
        for (var read = 0; read < runes.Count; read++)
        {
            var rune = runes[read];
            var ownClass = tables.ClassOf(rune);
            var blocked = starter < 0 || (written - starter > 1 && (lastClass == 0 || lastClass >= ownClass));
            if (!blocked && Pair(tables, runes[starter], rune) is { } composite)
            {
                runes[starter] = composite;
                continue;
            }

            if (ownClass == 0)
            {
                starter = written;
            }

            lastClass = ownClass;
            runes[written++] = rune;
        }

        runes.RemoveRange(written, runes.Count - written);
    }

    private static int? Pair(Tables tables, int first, int second)
    {
        if (first - LBase is >= 0 and < LCount and var leading && second - VBase is >= 0 and < VCount and var vowel)
        {
            return SBase + (((leading * VCount) + vowel) * TCount);
        }

        if (first - SBase is >= 0 and < SCount and var syllable && syllable % TCount == 0 && second - TBase is > 0 and < TCount and var trailing)
        {
            return first + trailing;
        }

        return tables.Composites.TryGetValue(((long)first << 32) | (uint)second, out var composite) ? composite : null;
    }

    private sealed record Tables(FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<int, int> Classes, FrozenDictionary<long, int> Composites)
    {
        public int ClassOf(int rune) => Classes.GetValueOrDefault(rune);

        public static Tables Load()
        {
            var decompositions = new Dictionary<int, int[]>();
            var classes = new Dictionary<int, int>();
            var composites = new Dictionary<long, int>();
            using var reader = new StreamReader(typeof(Nfkc).Assembly.GetManifestResourceStream("nfkc.txt")!);
            while (reader.ReadLine() is { } line)
            {
                var fields = line.Split(' ');
                switch (fields[0])
                {
                    case "D":
                        decompositions.Add(Hex(fields[1]), [.. fields[2..].Select(Hex)]);
                        break;
                    case "C":
                        for (var rune = Hex(fields[1]); rune <= Hex(fields[2]); rune++)
                        {
                            classes.Add(rune, int.Parse(fields[3], CultureInfo.InvariantCulture));
                        }

                        break;
                    case "P":
                        composites.Add(((long)Hex(fields[1]) << 32) | (uint)Hex(fields[2]), Hex(fields[3]));
                        break;
                }
            }

            return new Tables(decompositions.ToFrozenDictionary(), classes.ToFrozenDictionary(), composites.ToFrozenDictionary());
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
