-- The key a public application's refresh tokens are bound to (RFC 9449 §5): its RFC 7638 thumbprint.
alter table grants add column dpop_key text check (length(dpop_key) = 43);
