using System.Net;
using System.Text.RegularExpressions;

namespace Server.Tests.BadInput;

/// <summary>A form as a page offers it: what a browser would send, before anybody fills it in.</summary>
internal sealed partial record PageForm(string Action, IReadOnlyList<(string Name, string Value)> Fields)
{
    public static IEnumerable<PageForm> In(string html) =>
        from form in Form().Matches(html)
        select new PageForm(Text(form.Groups["action"].Value), [.. FieldsIn(form.Groups["inner"].Value).DistinctBy(field => field.Name)]);

    private static IEnumerable<(string Name, string Value)> FieldsIn(string html)
    {
        foreach (Match field in Field().Matches(html))
        {
            var attributes = field.Groups["attributes"].Value;
            if (Name().Match(attributes) is { Success: true } name)
            {
                var value = field.Groups["tag"].Value == "select"
                    ? Value().Match(html, field.Index + field.Length)
                    : Value().Match(attributes);
                yield return (Text(name.Groups["text"].Value), value.Success ? Text(value.Groups["text"].Value) : "");
            }
        }
    }

    private static string Text(string escaped) => WebUtility.HtmlDecode(escaped);

    [GeneratedRegex("""<form method="post" action="(?<action>[^"]*)"[^>]*>(?<inner>.*?)</form>""", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<(?<tag>input|select|textarea|button)\b(?<attributes>[^>]*)>""")]
    private static partial Regex Field();

    [GeneratedRegex(@"\bname=""(?<text>[^""]*)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bvalue=""(?<text>[^""]*)""")]
    private static partial Regex Value();
}
