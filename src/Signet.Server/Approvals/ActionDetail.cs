using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Signet.Server.Approvals;

/// <summary>One object of RFC 9396 authorization details as a person reads it: what kind of action, and its fields line by line.</summary>
public sealed record ActionDetail(string Type, IReadOnlyList<ActionField> Fields)
{
    /// <summary>Every member there is, whatever its type: what is not shown can't have been approved.</summary>
    /// <param name="json">An array as it was checked when the agent asked; null for none.</param>
    public static IReadOnlyList<ActionDetail> Read(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(item => new ActionDetail(
            Plain(item.GetProperty("type").GetString()!),
            [.. item.EnumerateObject().Where(member => member.Name != "type").SelectMany(member => Flatten(Words(member.Name), member.Value))]))];
    }

    private static IEnumerable<ActionField> Flatten(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.GetPropertyCount() > 0 =>
            value.EnumerateObject().SelectMany(member => Flatten($"{name} › {Words(member.Name)}", member.Value)),
        JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            value.EnumerateArray().SelectMany((item, at) => Flatten($"{name} {(at + 1).ToString(CultureInfo.InvariantCulture)}", item)),
        JsonValueKind.Array => [new ActionField(name, string.Join(", ", value.EnumerateArray().Select(Scalar)))],
        _ => [new ActionField(name, Scalar(value))],
    };

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Plain(value.GetString()!),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "none",
        _ => value.GetRawText(),
    };

    // creditorName, creditor_name and creditor-name are read as "creditor name".
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var (at, letter) in Plain(name).Index())
        {
            if (letter is '_' or '-')
            {
                words.Append(' ');
            }
            else if (char.IsAsciiLetterUpper(letter) && at > 0 && char.IsAsciiLetterLower(name[at - 1]))
            {
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            }
            else
            {
                words.Append(letter);
            }
        }

        return words.ToString();
    }

    // Marks that nobody sees could turn the text round or break the line; they stand there as what they are, something unreadable.
    private static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            ? "\uFFFD"
            : rune.ToString()));
}

/// <param name="Name">Of a member within a member: the way to it.</param>
public sealed record ActionField(string Name, string Value);
