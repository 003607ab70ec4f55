using Xunit;

namespace Server.Tests.Rules;

internal static class Rule
{
    /// <summary>Fails with every offence on a line of its own, so that all can be mended at once.</summary>
    public static void Holds(IEnumerable<string> offences) => Assert.Equal("", string.Join('\n', offences.Distinct().Order(StringComparer.Ordinal)));
}
