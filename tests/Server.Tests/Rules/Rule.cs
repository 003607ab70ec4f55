using Xunit;

namespace Server.Tests.Rules;

internal static class Rule
{
    /// <summary>Fails with every offence on a line of its own, so that all can be mended at once.</summary>
    public static void Holds(IEnumerable<string> offences)
    {
        var all = offences.Distinct().Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            Assert.Fail(string.Join('\n', all));
        }
    }
}
