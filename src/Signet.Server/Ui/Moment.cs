namespace Signet.Server.Ui;

/// <summary>One thing that happened, for a <c>Timeline</c>.</summary>
public sealed record Moment(DateTimeOffset At, string What, string? Who = null, Tone Tone = Tone.Neutral, string? Icon = null, string? Href = null);

/// <summary>One value of a chart under the label of its place (a day, a name).</summary>
public sealed record ChartPoint(string Label, double Value);
