using System.Security.Cryptography;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Signet.Jose;
using Signet.Platform.Crypto;
using Signet.Transparency;

namespace Signet.Benchmarks;

/// <summary>What one audit record costs beside its row: canonical text, an encrypted field, a leaf and a tree of a thousand.</summary>
public class RecordBenchmarks
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] field = "ada.lovelace@example.org"u8.ToArray();
    private readonly byte[] place = "audit_records/person/019ab3c4-7d1e-7a55-9b1c-0d5f3c2a1b00"u8.ToArray();
    private readonly byte[] leaf = new byte[600];
    private readonly TreeHash[] leaves = [.. Enumerable.Range(0, 1000).Select(number => MerkleTree.HashLeaf(BitConverter.GetBytes(number)))];
    private readonly JsonElement record = JsonElement.Parse("""
        {"action":"token.issued","outcome":"success","actor":{"kind":"client","id":"019ab3c4"},"target":{"kind":"token","id":"vT0p"},
         "at":"2026-11-25T10:00:00.000Z","scope":["openid","email"],"expires_in":3600,"address":"192.0.2.7"}
        """);

    private byte[] sealedField = [];

    [GlobalSetup]
    public void Prepare() => sealedField = SealField();

    [Benchmark]
    public byte[] Canonical() => CanonicalJson.Canonicalize(record);

    [Benchmark]
    public byte[] SealField() => Aead.Seal(key, 1, field, place);

    [Benchmark]
    public byte[]? OpenField() => Aead.TryOpen(key, sealedField, place);

    [Benchmark]
    public TreeHash HashLeaf() => MerkleTree.HashLeaf(leaf);

    [Benchmark]
    public TreeHash RootOfThousand() => MerkleTree.Root(leaves);
}
