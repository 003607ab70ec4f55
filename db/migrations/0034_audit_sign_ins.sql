-- Sign-ins are counted by the hour on the first page of the console; among the tokens of a busy tenant they are few.
create index audit_events_sign_ins on audit_events (tenant_id, id) where action = 'auth.login';
