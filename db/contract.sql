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
    completion_kind, completed_by, on_behalf_of, outcome, version, flag, parent_item_id, voting, due_at, decided_as from public.work_item;
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
  select v.definition_id, version, hash, status, activated_at, one_open_run, first_activated_at,
    coalesce((body #>> '{approval,allowsSelfApproval}')::boolean, false) as allows_self_approval from public.definition_version v;
-- What the author of a version says of each of its approvals: how its group decides, and what may be said at it.
create view contract.approval_step as
  select v.definition_id, v.version, e.stage ->> 'name' as stage_name, s.step ->> 'name' as step_name,
    coalesce(s.step #>> '{rule,type}', 'first') as rule, (s.step #>> '{rule,count}')::int as rule_count,
    (s.step #>> '{rule,percent}')::numeric as rule_percent
  from public.definition_version v
    cross join lateral jsonb_path_query(v.body, 'lax $.elements[*] ? (@.type == "stage")') as e (stage)
    cross join lateral jsonb_path_query(e.stage, 'lax $.steps[*] ? (@.kind == "approval")') as s (step);
create view contract.approval_outcome as
  select v.definition_id, v.version, e.stage ->> 'name' as stage_name, s.step ->> 'name' as step_name, o.outcome, o.does
  from public.definition_version v
    cross join lateral jsonb_path_query(v.body, 'lax $.elements[*] ? (@.type == "stage")') as e (stage)
    cross join lateral jsonb_path_query(e.stage, 'lax $.steps[*] ? (@.kind == "approval")') as s (step)
    cross join lateral (
      select 'approve' as outcome, 'approve' as does union all select 'reject', 'reject'
      union all select x.own ->> 'name', x.own ->> 'does' from jsonb_path_query(s.step, 'lax $.outcomes[*]') as x (own)
    ) o;
create view contract.app_user as
  select user_id, email, active from public."user";
-- Who could decide in whose place, from when to when: accepted ones, to their end if they were ended early, and what is passed on by them, through whom.
create view contract.delegation as
  with recursive link as (
    select delegator_id, delegate_id, greatest(valid_from, accepted_at) as valid_from, least(valid_to, ended_at) as valid_to, may_pass_on
    from public.delegation where accepted_at is not null and greatest(valid_from, accepted_at) < least(valid_to, ended_at)
  ), chain as (
    select delegator_id, delegate_id, valid_from, valid_to, may_pass_on, 1 as links, '{}'::text[] as through from link
    union all
    select c.delegator_id, l.delegate_id, greatest(c.valid_from, l.valid_from), least(c.valid_to, l.valid_to), l.may_pass_on, c.links + 1,
      c.through || c.delegate_id
    from chain c join link l on l.delegator_id = c.delegate_id and l.delegate_id <> c.delegator_id
      and greatest(c.valid_from, l.valid_from) < least(c.valid_to, l.valid_to)
    where c.may_pass_on and c.links < 3
  ) select delegator_id, delegate_id, valid_from, valid_to, through from chain;
create view contract.authz_audit as
  select seq, at, actor_id, action, object_id, allowed, prev_hash, hash from public.security_event where seq is not null;
create view contract.submission as
  select submission_id, run_id, record_type, record_id, submitted_by, status, submitted_at, ended_at,
    (select r.is_debug from public.run r where r.run_id = s.run_id) as is_debug from public.submission s;
-- Of a debug run nothing was approved, whatever is said there. An outcome of the author's own counts as what it does, and stands under its name beside that. What was open when its submission ended says how that ended.
create view contract.approval_item as
  select w.work_item_id as approval_item_id, s.submission_id, w.work_item_id, w.parent_item_id, w.assignee_id as assigned_to,
    w.completed_by as reviewed_by, case when w.completion_kind = 'done' then w.closed_at end as reviewed_at,
    case when w.status = 'assigned' then 'assigned' when w.outcome = 'approve' then 'approved' when w.outcome = 'reject' then 'rejected'
      when w.completion_kind = 'done' then coalesce((
        select case o.does when 'approve' then 'approved' when 'reject' then 'rejected' else 'sent_back' end
        from public.run r, public.step_run t, public.stage_run g, contract.approval_outcome o
        where r.run_id = w.run_id and t.run_id = w.run_id and t.step_run_id = w.step_run_id and g.run_id = w.run_id and g.stage_run_id = t.stage_run_id
          and o.definition_id = r.definition_id and o.version = r.definition_version and o.stage_name = g.name and o.step_name = t.name
          and o.outcome = w.outcome limit 1), w.outcome)
      when w.closed_at is distinct from s.ended_at then 'withdrawn'
      when s.status in ('recalled', 'canceled') then s.status when s.status = 'error' then 'errored' else 'withdrawn' end as status,
    w.comments, w.on_behalf_of, w.decided_as, w.voting, w.due_at, w.outcome,
    (select r.is_debug from public.run r where r.run_id = w.run_id) as is_debug
  from public.work_item w join public.submission s using (run_id) where w.kind = 'approval';
create view contract.attachment as
  select attachment_id, record_id, name, media_type, size, sha256, uploaded_by, uploaded_at, removed_by, removed_at from public.attachment;
