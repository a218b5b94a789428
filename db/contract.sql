-- The public face of the data: read-only views for reports, audits and outside examiners. Inner tables may change, these may only grow.
drop schema if exists contract cascade;
create schema contract;

create view contract.run as
  select run_id, definition_id, definition_version, definition_hash, record_type, record_id, status, version, started_by, run_as,
    parent_run_id, parent_step_run_id, started_at, ended_at, stalled_since, stalled_reason, error, is_debug, kind from public.run;
create view contract.stage_run as
  select stage_run_id, run_id, ordinal, round, name, status, started_at, ended_at from public.stage_run;
create view contract.step_run as
  select step_run_id, stage_run_id, run_id, name, kind, status, attempt, version, owner_id, entry_met_at, started_at, ended_at, depends_on from public.step_run;
create view contract.work_item as
  select work_item_id, step_run_id, run_id, kind, status, assignee_type, assignee_id, assignment_no, claimed_by, created_at, closed_at,
    completion_kind, completed_by, on_behalf_of, outcome, version, flag, parent_item_id, voting, due_at from public.work_item;
create view contract.history as
  select run_id, seq, at, subject_type, subject_id, milestone, from_status, to_status, actor_type, actor_id, on_behalf_of, run_as,
    command_id, prev_hash, hash, type from public.history;
create view contract.command as
  select command_id, kind, actor_id, subject_id, run_id, received_at, committed_at, result from public.command;
create view contract.outbox as
  select message_id, kind, dedupe_key, work_item_id, assignment_no, run_id, recipient, status, attempts, created_at, next_attempt_at, sent_at, last_error from public.outbox;
create view contract.job as
  select job_id, kind, dedupe_key, run_id, step_run_id, status, attempts, max_attempts, fence, run_at, lease_until, last_error from public.job;
create view contract.wait as
  select wait_id, run_id, step_run_id, kind, due_at, resolved_at, record_id from public.wait;
create view contract.definition_version as
  select v.definition_id, version, hash, status, activated_at, one_open_run, first_activated_at from public.definition_version v;
create view contract.app_user as
  select user_id, email, active from public."user";
-- Who could decide in whose place, from when to when: accepted ones, to their end if they were ended early, and what is passed on by them.
create view contract.delegation as
  with recursive link as (
    select delegator_id, delegate_id, greatest(valid_from, accepted_at) as valid_from, least(valid_to, ended_at) as valid_to, may_pass_on
    from public.delegation where accepted_at is not null and greatest(valid_from, accepted_at) < least(valid_to, ended_at)
  ), chain as (
    select delegator_id, delegate_id, valid_from, valid_to, may_pass_on, 1 as links from link
    union all
    select c.delegator_id, l.delegate_id, greatest(c.valid_from, l.valid_from), least(c.valid_to, l.valid_to), l.may_pass_on, c.links + 1
    from chain c join link l on l.delegator_id = c.delegate_id and l.delegate_id <> c.delegator_id
      and greatest(c.valid_from, l.valid_from) < least(c.valid_to, l.valid_to)
    where c.may_pass_on and c.links < 3
  ) select delegator_id, delegate_id, valid_from, valid_to from chain;
create view contract.authz_audit as
  select seq, at, actor_id, action, object_id, allowed, prev_hash, hash from public.security_event where seq is not null;
create view contract.submission as
  select submission_id, run_id, record_type, record_id, submitted_by, status, submitted_at, ended_at from public.submission;
create view contract.approval_item as
  select w.work_item_id as approval_item_id, s.submission_id, w.work_item_id, w.parent_item_id, w.assignee_id as assigned_to,
    w.completed_by as reviewed_by, case when w.completion_kind = 'done' then w.closed_at end as reviewed_at,
    case when w.status = 'assigned' then 'assigned' when w.outcome = 'approve' then 'approved' when w.outcome = 'reject' then 'rejected'
      when w.completion_kind = 'done' then w.outcome
      when s.status in ('recalled', 'canceled') then s.status when s.status = 'error' then 'errored' else 'withdrawn' end as status,
    w.comments, w.on_behalf_of, w.decided_as, w.voting, w.due_at
  from public.work_item w join public.submission s using (run_id) where w.kind = 'approval';
