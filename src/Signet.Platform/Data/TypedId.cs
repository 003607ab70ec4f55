using System.Diagnostics.CodeAnalysis;

namespace Signet.Platform.Data;

/// <summary>An id of one kind of thing. The value is a UUIDv7, made here and not by the database; its text form is the lower-case UUID.</summary>
public interface ITypedId<TSelf> where TSelf : struct, ITypedId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>What every typed id does alike.</summary>
public static class TypedId
{
    /// <summary>A new id whose order follows the clock it is given.</summary>
    public static TSelf New<TSelf>(TimeProvider time) where TSelf : struct, ITypedId<TSelf> =>
        TSelf.From(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Accepts the hyphenated form only, so that an id has one spelling in URLs, logs and caches.</summary>
    public static bool TryParse<TSelf>([NotNullWhen(true)] string? text, out TSelf id) where TSelf : struct, ITypedId<TSelf>
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = parsed ? TSelf.From(value) : default;
        return parsed;
    }
}
