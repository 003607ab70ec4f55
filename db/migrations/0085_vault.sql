-- Secrets of agents that live in Vault (KV version 2): here are the path and the version that holds, there is the secret.
alter table agent_credentials
    add column vault_path             text check (length(vault_path) <= 512),
    add column vault_version          integer check (vault_version > 0),
    -- The version before the last rotation; holds until previous_until.
    add column vault_previous_version integer,
    drop constraint agent_credentials_check,
    -- A secret is in one of the two places, and a key in neither.
    add constraint agent_credentials_place check (case kind
        when 'client_secret'   then num_nonnulls(hash, vault_path) = 1 and jwk is null and jwks_uri is null
        when 'private_key_jwt' then num_nonnulls(hash, vault_path) = 0 and num_nonnulls(jwk, jwks_uri) = 1
        else true end),
    add constraint agent_credentials_vault check (num_nonnulls(vault_path, vault_version) in (0, 2));
