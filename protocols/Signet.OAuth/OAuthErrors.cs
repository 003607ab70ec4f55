namespace Signet.OAuth;

/// <summary>The catalogue of refusals. Call sites read <c>OAuthError.InvalidGrant</c>.</summary>
public static class OAuthErrors
{
    extension(OAuthError)
    {
        /// <summary>RFC 6749 §5.2.</summary>
        public static OAuthError InvalidRequest => new("invalid_request", 400, "The request is malformed.");

        /// <summary>RFC 6749 §3.1: parameters must not be included more than once.</summary>
        public static OAuthError RepeatedParameter => new("invalid_request", 400, "A parameter is repeated.");

        /// <summary>RFC 6749 §5.2. The same words for every cause, so that the answer is no oracle.</summary>
        public static OAuthError InvalidClient => new("invalid_client", 401, "The client could not be authenticated.");

        /// <summary>RFC 6749 §2.3: one method of authentication a request.</summary>
        public static OAuthError SeveralAuthenticationMethods =>
            new("invalid_request", 400, "The client must use one method of authentication.");

        /// <summary>RFC 6749 §5.2. The same words for every cause, so that the answer is no oracle.</summary>
        public static OAuthError InvalidGrant => new("invalid_grant", 400, "The grant is not valid.");

        /// <summary>RFC 6749 §5.2.</summary>
        public static OAuthError UnauthorizedClient => new("unauthorized_client", 400, "The client may not use this grant type.");

        /// <summary>RFC 6749 §5.2.</summary>
        public static OAuthError UnsupportedGrantType => new("unsupported_grant_type", 400, "The grant type is not supported.");

        /// <summary>RFC 6749 §5.2.</summary>
        public static OAuthError InvalidScope => new("invalid_scope", 400, "The scope is malformed or more than the client may have.");

        /// <summary>RFC 6749 §4.1.2.1.</summary>
        public static OAuthError AccessDenied => new("access_denied", 403, "The request was denied.");

        /// <summary>RFC 6749 §4.1.2.1: here always <c>code</c>.</summary>
        public static OAuthError UnsupportedResponseType => new("unsupported_response_type", 400, "The response type is not supported.");

        /// <summary>RFC 6749 §4.1.2.1.</summary>
        public static OAuthError ServerError => new("server_error", 500, "The server failed.");

        /// <summary>RFC 6749 §4.1.2.1.</summary>
        public static OAuthError TemporarilyUnavailable => new("temporarily_unavailable", 503, "The server is overloaded or under maintenance.");

        /// <summary>RFC 6749 §4.1.2.1: an unknown client is shown to the person, never redirected.</summary>
        public static OAuthError UnknownClient => new("invalid_request", 400, "The client is not known.");

        /// <summary>RFC 6749 §3.1.2.4: an invalid redirection URI is shown to the person, never redirected.</summary>
        public static OAuthError RedirectUriMismatch =>
            new("invalid_request", 400, "The redirect_uri is missing or not one of those registered for the client.");

        /// <summary>RFC 7591 §3.2.2.</summary>
        public static OAuthError InvalidRedirectUri => new("invalid_redirect_uri", 400, "A redirect URI is not acceptable.");

        /// <summary>RFC 7591 §3.2.2.</summary>
        public static OAuthError InvalidClientMetadata => new("invalid_client_metadata", 400, "The client metadata is not acceptable.");

        /// <summary>RFC 7636 §4.4.1, RFC 9700 §2.1.1.</summary>
        public static OAuthError PkceRequired =>
            new("invalid_request", 400, "A code_challenge with code_challenge_method S256 is required.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError LoginRequired => new("login_required", 400, "The person must sign in.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError ConsentRequired => new("consent_required", 400, "The person must consent.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError InteractionRequired => new("interaction_required", 400, "The person must interact.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError AccountSelectionRequired => new("account_selection_required", 400, "The person must choose an account.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError RequestNotSupported => new("request_not_supported", 400, "The request parameter is not supported.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError RequestUriNotSupported => new("request_uri_not_supported", 400, "The request_uri parameter is not supported.");

        /// <summary>OIDC Core §3.1.2.6.</summary>
        public static OAuthError RegistrationNotSupported => new("registration_not_supported", 400, "The registration parameter is not supported.");

        /// <summary>RFC 6750 §3.1. The same words whether expired, revoked, malformed or unknown.</summary>
        public static OAuthError InvalidToken => new("invalid_token", 401, "The access token is not valid.");

        /// <summary>RFC 6750 §3.1.</summary>
        public static OAuthError InsufficientScope => new("insufficient_scope", 403, "The access token has not the scope for this.");

        /// <summary>RFC 7009 §2.2.1.</summary>
        public static OAuthError UnsupportedTokenType => new("unsupported_token_type", 400, "Tokens of this kind cannot be revoked.");

        /// <summary>RFC 8707 §2.</summary>
        public static OAuthError InvalidTarget => new("invalid_target", 400, "The resource is malformed or not known.");

        /// <summary>RFC 9449 §5. At a resource it goes out with status 401 and <see cref="Dpop.DpopToken.Challenge"/> (RFC 9449 §7.1).</summary>
        public static OAuthError InvalidDpopProof => new("invalid_dpop_proof", 400, "The DPoP proof is missing or not valid.");

        /// <summary>RFC 9449 §8: the client repeats the request with the nonce of the DPoP-Nonce header. At a resource the status is 401 (§9).</summary>
        public static OAuthError UseDpopNonce => new("use_dpop_nonce", 400, "The DPoP proof must have the nonce of the DPoP-Nonce header.");

        /// <summary>RFC 9396 §5: malformed, of a type that is not known, or more than may be had.</summary>
        public static OAuthError InvalidAuthorizationDetails =>
            new("invalid_authorization_details", 400, "The authorization_details are malformed, of an unknown type, or more than the client may have.");

        /// <summary>CIBA Core §11: the person has not answered; ask again after the interval.</summary>
        public static OAuthError AuthorizationPending => new("authorization_pending", 400, "The person has not answered yet.");

        /// <summary>CIBA Core §11: the person has not answered, and the interval grows by five seconds.</summary>
        public static OAuthError SlowDown => new("slow_down", 400, "The client asks too often; the interval is five seconds longer from now on.");

        /// <summary>CIBA Core §11.</summary>
        public static OAuthError ExpiredToken => new("expired_token", 400, "The request has expired; begin anew.");

        /// <summary>CIBA Core §11: the person said no. At the token endpoint every refusal but that of the client has status 400 (RFC 6749 §5.2).</summary>
        public static OAuthError DeniedByPerson => new("access_denied", 400, "The person denied the request.");

        /// <summary>CIBA Core §13: the hint leads to nobody.</summary>
        public static OAuthError UnknownUserId => new("unknown_user_id", 400, "The hint identifies nobody.");

        /// <summary>CIBA Core §13.</summary>
        public static OAuthError InvalidBindingMessage =>
            new("invalid_binding_message", 400, "The binding_message is longer than 100 characters or not plain text.");

        /// <summary>RFC 6749 §5.2: names the parameter, which must be one of <see cref="OAuthParameter"/>, never the client's text.</summary>
        public static OAuthError InvalidParameter(OAuthParameter parameter) =>
            new("invalid_request", 400, $"The parameter {parameter.Name} is missing or malformed.");
    }
}
