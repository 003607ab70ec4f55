using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Signet.Platform.Http;

namespace Signet.Platform.Telemetry;

/// <summary>
/// One JSON object a line, whatever the message contains: <c>timestamp level category message request_id tenant trace_id fields exception</c>.
/// Of the scopes only the request id and the tenant are written; what other libraries put there (paths, connection ids) is not.
/// </summary>
internal sealed class JsonLog(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "signet-json";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(line, Readable))
        {
            json.WriteStartObject();
            json.WriteString("timestamp"u8, time.GetUtcNow().UtcDateTime);
            json.WriteString("level"u8, NameOf(logEntry.LogLevel));
            json.WriteString("category"u8, logEntry.Category);
            json.WriteString("message"u8, logEntry.Formatter(logEntry.State, logEntry.Exception));
            WriteScope(json, scopeProvider);
            WriteFields(json, logEntry.State);
            WriteException(json, logEntry.Exception, logEntry.LogLevel);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }

    internal static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        LogLevel.None => "none",
    };

    private static void WriteScope(Utf8JsonWriter json, IExternalScopeProvider? scopes)
    {
        scopes?.ForEachScope(static (scope, writer) =>
        {
            if (scope is RequestId request)
            {
                writer.WriteString("request_id"u8, request.Value);
                if (request.Tenant is not null)
                {
                    writer.WriteString("tenant"u8, request.Tenant);
                }
            }
        }, json);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            json.WriteString("trace_id"u8, activity.TraceId.ToString());
        }
    }

    private static void WriteFields<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } fields)
        {
            return;
        }

        json.WriteStartObject("fields"u8);
        foreach (var (name, value) in fields)
        {
            if (name is not "{OriginalFormat}")
            {
                json.WriteString(name, value?.ToString());
            }
        }

        json.WriteEndObject();
    }

    private static void WriteException(Utf8JsonWriter json, Exception? exception, LogLevel level)
    {
        if (exception is null)
        {
            return;
        }

        json.WriteStartObject("exception"u8);
        json.WriteString("type"u8, exception.GetType().FullName);
        if (level >= LogLevel.Error)
        {
            json.WriteString("detail"u8, exception.ToString());
        }

        json.WriteEndObject();
    }
}
