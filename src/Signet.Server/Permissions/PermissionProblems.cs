using Signet.Platform.Http;

namespace Signet.Server.Permissions;

public static class PermissionProblems
{
    public static readonly Problem AuthenticationRequired = new(401, "authentication_required", "Sign in, or send an API key that is valid.");

    public static readonly Problem Forbidden = new(403, "forbidden", "Your role or key does not allow this.");

    public static readonly Problem LastOwner = new(409, "roles.last_owner", "A tenant keeps at least one owner. Make somebody else an owner first.");

    public static readonly Problem NoSuchUser = new(404, "not_found", "There is no such user.");

    public static readonly Problem NoSuchKey = new(404, "not_found", "There is no such API key.");

    public static readonly Problem KeyInvalid = new(400, "invalid_input", "The API key can't be made so.");
}
