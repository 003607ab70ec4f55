-- Refusals are few among many records, and what one looks for in trouble.
create index audit_events_failures on audit_events (tenant_id, id) where outcome = 'failure';
