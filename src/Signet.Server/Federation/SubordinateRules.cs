using System.Text.Json;
using Signet.OpenIdFederation.Statements;

namespace Signet.Server.Federation;

/// <summary>What we keep of an entity's configuration.</summary>
internal static class SubordinateRules
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static JsonElement MetadataOf(EntityStatement configuration) => configuration.Metadata?.Clone() ?? Nothing;
}
