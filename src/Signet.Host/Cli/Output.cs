using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Host.Cli;

/// <summary>How commands speak: results on standard output, faults on standard error; <c>--json</c> for programs.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Indented));

    public static void Line(string text) => Console.Out.WriteLine(text);

    public static void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    /// <summary>Columns as wide as their widest value.</summary>
    public static void Table<T>(IReadOnlyList<T> rows, params Func<T, string>[] columns)
    {
        var widths = columns.Select(column => rows.Count == 0 ? 0 : rows.Max(row => column(row).Length)).ToArray();
        foreach (var row in rows)
        {
            Line(string.Join("  ", columns.Select((column, at) => column(row).PadRight(widths[at]))).TrimEnd());
        }
    }

    /// <summary>The exit code of a command that was refused.</summary>
    public static int Fail(params IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            Console.Error.WriteLine($"error: {fault}");
        }

        return 1;
    }
}
