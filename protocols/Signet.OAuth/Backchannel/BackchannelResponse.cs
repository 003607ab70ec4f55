using System.Text.Json;

namespace Signet.OAuth.Backchannel;

/// <summary>CIBA Core §7.3: the request is taken and the person is being asked. Goes out with no-store.</summary>
/// <param name="AuthReqId">What the client asks the token endpoint with.</param>
/// <param name="ExpiresIn">How long the request stays open.</param>
/// <param name="Interval">The least time between two questions of the client.</param>
public sealed record BackchannelResponse(string AuthReqId, TimeSpan ExpiresIn, TimeSpan Interval)
{
    /// <summary>The body.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(WriteTo);

    /// <summary>Writes the body.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("auth_req_id"u8, AuthReqId);
        writer.WriteNumber("expires_in"u8, (long)ExpiresIn.TotalSeconds);
        writer.WriteNumber("interval"u8, (long)Interval.TotalSeconds);
        writer.WriteEndObject();
    }

    /// <summary>Without the id, so that no log can have it.</summary>
    public override string ToString() => nameof(BackchannelResponse);
}
