using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Signet.Transparency;

/// <summary>A log's promise: at this size it has this root. Signed as a note. <see href="https://c2sp.org/tlog-checkpoint"/></summary>
/// <param name="Origin">Which log; a line that is not empty, by custom a URL without scheme.</param>
/// <param name="Size">The number of leaves.</param>
/// <param name="Root">The root over them.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>C2SP tlog-checkpoint §Note text: further lines, none of them empty.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>C2SP tlog-checkpoint §Note text: origin, decimal size, base64 root and extensions, a line each. This text is what is signed.</summary>
    public string Text =>
        string.Join('\n', [Origin, Size.ToString(CultureInfo.InvariantCulture), Root.ToString(), .. Extensions, ""]);

    /// <summary>The checkpoint as a signed note.</summary>
    public string Sign(params ReadOnlySpan<NoteSigner> signers) => SignedNote.Sign(Text, signers);

    /// <summary>Reads the text of a note. Refused: empty lines, a size with leading zeros or of more than 63 bits, a root that is not 32 bytes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text.Split('\n') is not [{ Length: > 0 } origin, var size, var root, .. var extensions, ""]
            || extensions.Any(line => line.Length == 0)
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
            || leaves.ToString(CultureInfo.InvariantCulture) != size
            || !TreeHash.TryParse(root, out var hash))
        {
            return false;
        }

        checkpoint = new(origin, leaves, hash) { Extensions = extensions };
        return true;
    }

    /// <summary>Equal where the texts are.</summary>
    public bool Equals(Checkpoint? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, Size, Root);
}
