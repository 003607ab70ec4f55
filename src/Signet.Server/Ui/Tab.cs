namespace Signet.Server.Ui;

/// <summary>One part of a record, at an address of its own.</summary>
public sealed record Tab(string Label, string Href, long? Count = null);
