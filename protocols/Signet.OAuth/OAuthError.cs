using System.Buffers;
using System.Text.Json;

namespace Signet.OAuth;

/// <summary>A refusal that may go out as it is: it holds no input and no detail. <see cref="OAuthErrors"/> lists them all.</summary>
/// <param name="Code">The registered <c>error</c> value.</param>
/// <param name="Status">The HTTP status where it is a direct answer.</param>
/// <param name="Description">One sentence for the developer of the client, in the characters of RFC 6749 §5.2.</param>
public sealed record OAuthError(string Code, int Status, string Description)
{
    /// <summary>RFC 6749 §5.2: the JSON body of a direct answer.</summary>
    public byte[] ToUtf8Json()
    {
        var output = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, Code);
            writer.WriteString("error_description"u8, Description);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
