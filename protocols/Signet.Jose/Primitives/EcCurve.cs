using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Signet.Jose.Primitives;

/// <summary>A NIST prime curve, y² = x³ - 3x + b mod p (SP 800-186 §3.2.1), with the fixed lengths of RFC 7518 §6.2.</summary>
internal sealed class EcCurve
{
    public static readonly EcCurve P256 = new("P-256", 32, ECCurve.NamedCurves.nistP256,
        p: Power(256) - Power(224) + Power(192) + Power(96) - 1,
        b: "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    public static readonly EcCurve P384 = new("P-384", 48, ECCurve.NamedCurves.nistP384,
        p: Power(384) - Power(128) - Power(96) + Power(32) - 1,
        b: "0B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF");

    public static readonly EcCurve P521 = new("P-521", 66, ECCurve.NamedCurves.nistP521,
        p: Power(521) - 1,
        b: "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00");

    private readonly BigInteger p;
    private readonly BigInteger b;

    private EcCurve(string name, int coordinateBytes, ECCurve named, BigInteger p, string b)
    {
        Name = name;
        CoordinateBytes = coordinateBytes;
        Named = named;
        this.p = p;
        this.b = BigInteger.Parse(b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public string Name { get; }

    public int CoordinateBytes { get; }

    public ECCurve Named { get; }

    public static EcCurve? TryParse(string name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => null,
    };

    /// <summary>Full public key validation: the cofactor is one, so every affine point on the curve is a valid key (SP 800-186 App. D.1.1).</summary>
    public bool Contains(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var xi = new BigInteger(x, isUnsigned: true, isBigEndian: true);
        var yi = new BigInteger(y, isUnsigned: true, isBigEndian: true);
        return xi < p && yi < p && ((yi * yi) - ((((xi * xi) - 3) * xi) + b)) % p == 0;
    }

    private static BigInteger Power(int exponent) => BigInteger.One << exponent;
}
