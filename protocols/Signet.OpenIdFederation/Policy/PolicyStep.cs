using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>One operator applied to one parameter: a line of the explanation a playground shows.</summary>
/// <param name="Parameter">The metadata parameter.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Operand">The operator's value.</param>
/// <param name="Before">The parameter before; null when absent.</param>
/// <param name="After">The parameter afterwards; null when absent.</param>
/// <param name="Fault">Why the operator refused; null when it did not. It is then the last step.</param>
public sealed record PolicyStep(string Parameter, string Operator, JsonElement Operand, JsonElement? Before, JsonElement? After, string? Fault);
