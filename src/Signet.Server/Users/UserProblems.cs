using Signet.Platform.Http;

namespace Signet.Server.Users;

public static class UserProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such user.");

    public static readonly Problem EmailTaken = new(409, "conflict", "This address has an account already.");

    public static readonly Problem EmailInvalid = new(400, "invalid_input", "email: is to be an address such as ada@example.org.");

    public static readonly Problem DisplayNameInvalid = new(400, "invalid_input", "display_name: is to have 1 to 200 characters, none of them a control character.");

    public static readonly Problem NotYourself = new(409, "users.not_yourself", "You can't do this to your own account; another administrator can.");

    public static readonly Problem StateInvalid = new(400, "invalid_input", "state: is to be active or deactivated.");
}
