namespace Signet.Server.Settings;

/// <summary>One host setting: its name in the environment (also as <c>NAME_FILE</c>), what it is for, and what holds when it is not set.</summary>
public sealed record Setting(string Name, string Help, string Fallback, bool Secret = false);
