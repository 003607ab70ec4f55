using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Signet.OAuth.MutualTls;

/// <summary>RFC 5280 §4.2.1.6: the alternative names of a certificate that a client can be registered under; none where the extension is malformed.</summary>
internal sealed record AlternativeNames(
    IReadOnlyList<string> Dns, IReadOnlyList<string> Uris, IReadOnlyList<string> Emails, IReadOnlyList<IPAddress> Addresses)
{
    private const string Extension = "2.5.29.17";

    private static readonly AlternativeNames None = new([], [], [], []);

    // GeneralName: the tags of rfc822Name, dNSName, uniformResourceIdentifier and iPAddress.
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Host = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    public static AlternativeNames Read(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.Where(extension => extension.Oid?.Value == Extension).ToList() is [var only] ? Read(only.RawData) : None;
        }
        catch (AsnContentException)
        {
            return None;
        }
    }

    private static AlternativeNames Read(ReadOnlyMemory<byte> der)
    {
        List<string> hosts = [], uris = [], emails = [];
        List<IPAddress> addresses = [];
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var names = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag == Address)
            {
                // Four or sixteen octets; with a mask it is a constraint, not a name.
                if (names.ReadOctetString(Address) is { Length: 4 or 16 } octets)
                {
                    addresses.Add(new IPAddress(octets));
                }
            }
            else if (tag == Email || tag == Host || tag == Uri)
            {
                (tag == Email ? emails : tag == Host ? hosts : uris).Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }

        return new(hosts, uris, emails, addresses);
    }
}
