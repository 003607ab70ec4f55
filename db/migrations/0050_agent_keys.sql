-- Credentials that are keys: we keep the public half, or the address where the agent publishes it.
alter table agent_credentials
    add column kind         text not null default 'client_secret' check (kind in ('client_secret', 'private_key_jwt')),
    add column jwk          text check (length(jwk) <= 4096),
    add column jwks_uri     text check (length(jwks_uri) <= 2048),
    -- Written at most once a minute, behind the request: close enough to find what nobody uses.
    add column last_used_at timestamptz,
    alter column hash drop not null,
    add check (case kind
        when 'client_secret'   then hash is not null and jwk is null and jwks_uri is null
        else hash is null and num_nonnulls(jwk, jwks_uri) = 1 end);

-- Whether every token of the agent must be bound to a key (RFC 9449).
alter table agents add column dpop_required boolean not null default false;
