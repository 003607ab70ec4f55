using System.Text.Json;
using Xunit;

namespace Protocols.Tests.Jose;

/// <summary>Finds the public test vectors that lie beside the checkout, and skips with the reason where they do not.</summary>
internal static class Vectors
{
    /// <summary>Groups and cases of one Wycheproof file.</summary>
    public static IEnumerable<(JsonElement Group, JsonElement Case)> Wycheproof(string file)
    {
        var document = JsonDocument.Parse(File.ReadAllBytes(Find(Path.Combine("wycheproof", file)))).RootElement;
        foreach (var group in document.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                yield return (group, test);
            }
        }
    }

    /// <summary>The cases of OpenID Federation's metadata policy.</summary>
    public static IEnumerable<JsonElement> MetadataPolicy() =>
        JsonDocument.Parse(File.ReadAllBytes(Find("metadata-policy.json"))).RootElement.EnumerateArray();

    /// <summary>The examples of the RFCs, kept in the tree.</summary>
    public static IEnumerable<JsonElement> RfcExamples() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "tests", "vectors", "jose", "rfc-examples.json"))).RootElement.EnumerateArray();

    private static string Find(string file)
    {
        var path = Path.Combine(Root(), "..", "shared", "vectors", file);
        Assert.SkipUnless(File.Exists(path), $"The vectors are not beside this checkout: {path}");
        return path;
    }

    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Signet.slnx")))
            {
                return folder.FullName;
            }
        }

        Assert.Skip("The test binary does not lie in a checkout, so the vectors can't be located.");
        return "";
    }
}
