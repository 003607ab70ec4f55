using Signet.Platform.Data;
using Xunit;

namespace Server.Tests.Platform.Data;

public sealed class MappingTests(DataFixture fixture) : IClassFixture<DataFixture>
{
    private readonly Db db = fixture.Test.Db();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public enum Kind
    {
        PublicClient,
        ConfidentialClient,
    }

    private sealed record Everything(
        NoteId Id, NoteId? MaybeId, string Text, string? MaybeText, Kind Kind, Kind? MaybeKind, int Number, int? MaybeNumber, long Large, bool Flag,
        DateTimeOffset At, DateTimeOffset? MaybeAt, byte[] Bytes, byte[]? MaybeBytes, IReadOnlyList<string> Words, NoteId[] Ids, List<Kind> Kinds, Guid Plain);

    private const string SelectEverything = """
        select @Id as id, @MaybeId as maybe_id, @Text as text, @MaybeText as maybe_text, @Kind as kind, @MaybeKind as maybe_kind,
               @Number as number, @MaybeNumber as maybe_number, @Large as large, @Flag as flag, @At as at, @MaybeAt as maybe_at,
               @Bytes as bytes, @MaybeBytes as maybe_bytes, @Words as words, @Ids as ids, @Kinds as kinds, @Plain as plain
        """;

    [Fact]
    public async Task Every_kind_of_value_comes_back_as_it_went()
    {
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));
        var sent = new Everything(
            NewId(), NewId(), "text", "more", Kind.ConfidentialClient, Kind.PublicClient, 1, 2, 3L, true,
            at, at, [1, 2], [3], ["a", "b"], [NewId(), NewId()], [Kind.PublicClient, Kind.ConfidentialClient], Guid.NewGuid());

        var back = await ReadAsync(sent);

        Assert.Equal(at, back.At);
        Assert.Equal(TimeSpan.Zero, back.At.Offset);
        Assert.Equivalent(sent, back, strict: true);
    }

    [Fact]
    public async Task Nulls_come_back_as_nulls()
    {
        var sent = new Everything(
            NewId(), null, "text", null, Kind.PublicClient, null, 1, null, 3L, false, DateTimeOffset.UnixEpoch, null, [], null, [], [], [], Guid.Empty);

        var back = await ReadAsync(sent);

        Assert.Equivalent(sent, back, strict: true);
        Assert.Null(back.MaybeId);
        Assert.Null(back.MaybeKind);
    }

    [Fact]
    public async Task An_enum_stands_as_its_snake_case_name() =>
        Assert.Equal("confidential_client", await ScalarAsync<string>("select @kind", new { kind = Kind.ConfidentialClient }));

    [Fact]
    public async Task A_null_argument_has_its_type() =>
        Assert.Equal("timestamp with time zone", await ScalarAsync<string>("select pg_typeof(@at)::text", new { at = (DateTimeOffset?)null }));

    [Fact]
    public async Task Lists_go_as_arrays()
    {
        NoteId[] ids = [NewId(), NewId()];

        Assert.Equal(2, await ScalarAsync<int>("select count(*) from unnest(@ids) as id where id = any(@same)", new { ids, same = ids.ToList() }));
        Assert.Equal("{public_client}", await ScalarAsync<string>("select @kinds::text", new { kinds = new[] { Kind.PublicClient } }));
    }

    [Fact]
    public async Task Columns_are_read_alone_and_as_tuples()
    {
        var id = NewId();

        Assert.Equal(id, await ScalarAsync<NoteId>("select @id", new { id }));
        Assert.Equal(Kind.PublicClient, await ScalarAsync<Kind>("select 'public_client'", null));
        Assert.Equal((1, "one"), await ScalarAsync<(int, string)>("select 1, 'one'", null));
    }

    private sealed record Pair(string First, string Second);

    [Theory]
    [InlineData("select 'a' as second, 'b' as first")]
    [InlineData("select 'a' as first")]
    [InlineData("select 'a' as first, 'b' as second, 'c' as third")]
    public async Task Columns_in_another_order_or_number_than_the_record_are_refused(string sql) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.ListInTenantAsync<Pair>(TenantId.Default, sql, null, Ct));

    [Fact]
    public async Task A_null_where_the_record_wants_a_value_is_refused() =>
        await Assert.ThrowsAnyAsync<Exception>(() => db.ListInTenantAsync<int>(TenantId.Default, "select null::int", null, Ct));

    [Fact]
    public async Task A_statement_run_often_is_prepared_and_answers_the_same()
    {
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(new Pair("x", $"{i}"), await db.FindInTenantAsync<Pair>(
                TenantId.Default, "select 'x' as first, @i::text as second", new { i }, Ct));
        }
    }

    private static NoteId NewId() => TypedId.New<NoteId>(TimeProvider.System);

    private async Task<Everything> ReadAsync(Everything sent) => (await db.FindInTenantAsync<Everything>(TenantId.Default, SelectEverything, sent, Ct))!;

    private Task<T?> ScalarAsync<T>(string sql, object? arguments) => db.InTenantAsync(TenantId.Default, tx => tx.ScalarAsync<T>(sql, arguments, Ct), Ct);
}
