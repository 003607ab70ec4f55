using Signet.Server.Keys;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A signing key's life in words.</summary>
internal static class KeyWords
{
    public static Tone ToneOf(KeyState state) => state switch
    {
        KeyState.Announced => Tone.Neutral,
        KeyState.Active => Tone.Good,
        KeyState.Retiring => Tone.Warning,
        KeyState.Retired => Tone.Neutral,
    };

    public static string Of(KeyState state) => state switch
    {
        KeyState.Announced => "Published, signs nothing yet",
        KeyState.Active => "Signs",
        KeyState.Retiring => "Published until what it signed has expired",
        KeyState.Retired => "Not published any more",
    };

    /// <summary>What is typed to confirm: the beginning of the id, which nobody types by accident.</summary>
    public static string ShortOf(string kid) => kid[..Math.Min(8, kid.Length)];

    /// <summary>When this key moves on by itself; null where it doesn't.</summary>
    public static DateTimeOffset? NextMove(SigningKeyView key) => key.State switch
    {
        KeyState.Announced => key.CreatedAt + KeyLife.Lead,
        KeyState.Active => key.ActivatedAt + KeyLife.Active,
        KeyState.Retiring => key.RetiringAt + KeyLife.Overlap,
        KeyState.Retired => null,
    };

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<Moment> Life(SigningKeyView key)
    {
        List<Moment> moments = [];
        if (key.RetiredAt is { } retired)
        {
            moments.Add(key.DroppedBecause is { } reason
                ? new Moment(retired, $"Withdrawn: {reason}", Tone: Tone.Danger)
                : new Moment(retired, "Retired: not published any more", Icon: "minus-circle"));
        }

        if (key.RetiringAt is { } retiring)
        {
            moments.Add(new Moment(retiring, "Retiring: stopped signing, its private half destroyed", Tone: Tone.Warning, Icon: "clock"));
        }

        if (key.ActivatedAt is { } activated)
        {
            moments.Add(new Moment(activated, "Active: began to sign", Tone: Tone.Good));
        }

        moments.Add(new Moment(key.CreatedAt, "Announced: published in the key set", Icon: "key"));
        return moments;
    }
}
