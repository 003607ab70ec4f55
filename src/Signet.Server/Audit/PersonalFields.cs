using Signet.Platform.Outbox;

namespace Signet.Server.Audit;

/// <summary>What a record says of a person. As long as subjects have no keys of their own it is left out, rather than kept where it can't be erased.</summary>
internal sealed class PersonalFields
{
#pragma warning disable CA1822 // The keys will be state.
    public ValueTask<SealedPart?> SealAsync(RaisedEvent raised, Guid subject, byte[]? plain, CancellationToken ct) => new((SealedPart?)null);
#pragma warning restore CA1822
}
