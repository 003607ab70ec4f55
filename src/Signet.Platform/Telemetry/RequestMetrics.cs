using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Signet.Platform.Telemetry;

/// <summary>
/// Counts and times every request by method, route template and status. All three come from lists of ours, so that no caller can make new series;
/// nothing of the address but its template is kept, in metrics or in the trace.
/// </summary>
public static partial class RequestMetrics
{
    private static readonly Meter Meter = new("Signet.Http");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("signet_http_requests_total", description: "Requests answered.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "signet_http_request_duration_seconds", "s", "Time from the first middleware to the end of the answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    private static readonly ConcurrentDictionary<string, string> Routes = new(StringComparer.Ordinal);

    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Comes before everything that takes time.</summary>
    public static IApplicationBuilder UseRequestMetrics(this IApplicationBuilder app) => app.Use(next => async context =>
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Record(context, Stopwatch.GetElapsedTime(begun));
        }
    });

    private static void Record(HttpContext context, TimeSpan elapsed)
    {
        var method = MethodOf(context.Request.Method);
        var template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var status = Statuses[Math.Clamp(context.Response.StatusCode, 0, Statuses.Length - 1)];
        var tags = new TagList { { "method", method }, { "route", RouteOf(template) }, { "status_code", status } };
        Requests.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            span.DisplayName = $"{method} {template}";
            span.SetTag("http.request.method", method).SetTag("http.route", template).SetTag("http.response.status_code", context.Response.StatusCode);
            span.SetTag("signet.request_id", context.TraceIdentifier);
        }
    }

    // What varies in an address is :id. Templates are ours, so there are as many as there are routes.
    private static string RouteOf(string template) => Routes.GetOrAdd(template, static text => Parameter().Replace(text, ":id"));

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) ? "GET"
        : HttpMethods.IsPost(method) ? "POST"
        : HttpMethods.IsPut(method) ? "PUT"
        : HttpMethods.IsPatch(method) ? "PATCH"
        : HttpMethods.IsDelete(method) ? "DELETE"
        : HttpMethods.IsHead(method) ? "HEAD"
        : HttpMethods.IsOptions(method) ? "OPTIONS"
        : "other";
}
