namespace Protocols.Tests;

internal static class Placeholder;
