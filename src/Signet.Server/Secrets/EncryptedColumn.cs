using System.Text.RegularExpressions;

namespace Signet.Server.Secrets;

/// <summary>
/// A bytea column that <see cref="FieldCipher"/> fills, of a table with a <c>tenant_id</c> and one more key column. A module declares each of its own
/// with <see cref="SecretsModule.AddEncryptedColumn"/>; rotation re-encrypts what is declared, and nothing can be sealed for what is not.
/// </summary>
public sealed partial record EncryptedColumn
{
    /// <param name="rowIdType">The PostgreSQL type of the key column: <c>uuid</c>, <c>text</c> or <c>bigint</c>. Row ids are its text form.</param>
    public EncryptedColumn(string table, string column, string rowIdColumn, string rowIdType = "uuid")
    {
        // These stand in SQL; they are constants of our own modules, and still only names get there.
        if (!Name().IsMatch(table) || !Name().IsMatch(column) || !Name().IsMatch(rowIdColumn) || rowIdType is not ("uuid" or "text" or "bigint"))
        {
            throw new ArgumentException("Table and columns must be plain names, the type uuid, text or bigint.", nameof(table));
        }

        Table = table;
        Column = column;
        RowIdColumn = rowIdColumn;
        RowIdType = rowIdType;
    }

    public string Table { get; }

    public string Column { get; }

    public string RowIdColumn { get; }

    public string RowIdType { get; }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();
}
