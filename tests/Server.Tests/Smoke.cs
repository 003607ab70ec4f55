namespace Server.Tests;

internal static class Placeholder;
