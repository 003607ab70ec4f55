-- The scopes an agent gets through an approval only.
alter table agents add column approval_scopes text[] not null default '{}';

-- What a person allowed by approving one action, where no lasting consent of theirs stands behind it.
alter table delegations add column approval_id uuid;
