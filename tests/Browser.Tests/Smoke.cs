namespace Browser.Tests;

internal static class Placeholder;
