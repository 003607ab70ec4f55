-- Whoever quotes a reference is found by it, however old it is. Emptied records have none.
create index audit_events_request on audit_events (tenant_id, request_id, id) where request_id is not null;
