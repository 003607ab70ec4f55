using Signet.Platform.Http;

namespace Signet.Server.Federation;

public static class FederationProblems
{
    public static readonly Problem SettingsInvalid = new(400, "invalid_input", "The federation entity can't be so.");

    public static readonly Problem Changed = new(412, "federation.changed_meanwhile", "It was changed since you read it. Read it again.");

    public static readonly Problem Off = new(409, "federation.off", "The tenant is no federation entity. Switch federation on first.");

    public static readonly Problem NoEntityId = new(409, "federation.no_entity_id", "The tenant's address is no entity identifier: it is to be https.");

    public static readonly Problem KeyNotFound = new(404, "federation.key_not_found", "There is no such key that is in use.");

    public static readonly Problem AlgorithmUnknown = new(400, "invalid_input", "algorithm: is to be one of the entity's algorithms.");

    public static readonly Problem ReasonUnknown = new(400, "invalid_input", "reason: is to be unspecified, compromised or superseded.");

    public static readonly Problem SubordinateNotFound = new(404, "subordinates.not_found", "There is no such subordinate.");

    public static readonly Problem SubordinateExists = new(409, "subordinates.exists", "The entity is enrolled already.");

    public static readonly Problem SubordinateInvalid = new(400, "invalid_input", "The subordinate can't be so.");

    public static readonly Problem SubordinateRefused = new(400, "subordinates.refused", "The entity does not meet what is asked of subordinates.");

    public static readonly Problem ConfigurationUnreachable = new(400, "subordinates.unreachable", "The entity's configuration could not be had.");

    public static readonly Problem ConfigurationInvalid = new(400, "subordinates.configuration_invalid", "The entity's configuration is not in order.");

    public static readonly Problem SubordinateUnwell = new(409, "subordinates.unwell", "Its configuration is not in order; mend that first.");

    public static readonly Problem StateForbids = new(409, "subordinates.state", "A subordinate in this state can't become that.");
}
