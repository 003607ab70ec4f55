using Signet.Platform.Crypto;

namespace Signet.Server.OAuth;

/// <summary>The opaque secrets of this module. A value of one kind never passes for another: the kind is part of what is hashed.</summary>
internal static class TokenKinds
{
    public static readonly SecretKind BackchannelRequest = new("backchannel-request");
    public static readonly SecretKind Code = new("authorization-code");
    public static readonly SecretKind Refresh = new("refresh-token");
}

/// <summary>How long things live. Access tokens have their client's own.</summary>
internal static class TokenLife
{
    /// <summary>RFC 6749 §4.1.2: ten minutes at most; a browser needs seconds.</summary>
    public static readonly TimeSpan Code = TimeSpan.FromSeconds(60);

    /// <summary>CIBA Core §7.1: how long a person may take to approve, where the agent does not say; and the most it may say.</summary>
    public static readonly TimeSpan Approval = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MostApproval = TimeSpan.FromDays(1);

    /// <summary>One action was approved: its token lives for it, not for a day's work.</summary>
    public static readonly TimeSpan Approved = TimeSpan.FromMinutes(5);

    /// <summary>How long somebody may take to sign in and consent.</summary>
    public static readonly TimeSpan Request = TimeSpan.FromMinutes(30);

    /// <summary>A refresh token nobody uses for so long ends.</summary>
    public static readonly TimeSpan RefreshIdle = TimeSpan.FromDays(30);

    /// <summary>However often it is refreshed, an authorization ends after so long.</summary>
    public static readonly TimeSpan Grant = TimeSpan.FromDays(365);

    /// <summary>Within it a used refresh token gets its successor once more: two tabs, an answer lost on the way.</summary>
    public static readonly TimeSpan RefreshGrace = TimeSpan.FromSeconds(10);

    /// <summary>How long what has ended stays, so that a late replay is recognised.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);
}
