"use client";

import { Button, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { IconGavel, IconMessageQuestion, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { AssigneePicker } from "@/components/people/assignee-picker";
import { PasswordAgain } from "@/components/people/password-again";
import { ReasonDialog } from "@/components/runs/control/reason-dialog";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { addApprover, askQuestion, overrideItem } from "@/lib/approvals/actions";
import type { Steer } from "@/lib/work/schema";

type Props = { readonly workItemId: string; readonly approval: Steer; readonly onChanged: () => void };
type Open = "ask" | "override" | "add";

/** What can be done around a decision: ask somebody, decide in the approver's place, have one more approve. */
export function SteerButtons({ workItemId, approval, onChanged }: Props) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => {
    setOpen(null);
    onChanged();
  };
  return (
    <>
      {approval.mayAsk && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMessageQuestion size={16} />}
          onClick={() => setOpen("ask")}
        >
          Ask a question
        </Button>
      )}
      {approval.mayAddApprover && (
        <Button size="xs" variant="default" leftSection={<IconUserPlus size={16} />} onClick={() => setOpen("add")}>
          Add approver
        </Button>
      )}
      {approval.mayOverride && (
        <Button size="xs" variant="default" leftSection={<IconGavel size={16} />} onClick={() => setOpen("override")}>
          Override
        </Button>
      )}
      {open === "ask" && <AskDialog workItemId={workItemId} onClose={close} />}
      {open === "add" && <AddDialog workItemId={workItemId} onClose={close} />}
      {open === "override" && <OverrideDialog workItemId={workItemId} approval={approval} onClose={close} />}
    </>
  );
}

type DialogProps = { readonly workItemId: string; readonly onClose: () => void };
const idOf = (chosen: string | null): string => chosen?.replace("user:", "") ?? "";

function AskDialog({ workItemId, onClose }: DialogProps) {
  const [to, setTo] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const act = useAct(askQuestion, {
    success: "Asked. The item stays with you, and you can decide at any time.",
    onRefused: ({ message }) => setRefusal(message),
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Ask a question" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setRefusal(null);
          void act.run({ workItemId, userId: idOf(to), text });
        }}
      >
        <Stack gap="md">
          <FormMessage text={act.problems.length > 0 ? null : refusal} />
          <AssigneePicker
            label="Whom"
            placeholder="Type a name"
            only="user"
            required
            data-autofocus
            value={to}
            onChange={(next) => {
              setTo(next);
              act.forget();
            }}
            error={act.errors.userId}
          />
          <Textarea
            label="Question"
            description="They are told by mail, and answer in a form of their own."
            required
            autosize
            minRows={3}
            maxLength={2_000}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              act.forget();
            }}
            error={act.errors.text}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <SubmitButton isPending={act.isPending}>Ask</SubmitButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function AddDialog({ workItemId, onClose }: DialogProps) {
  const [to, setTo] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  return (
    <ReasonDialog
      act={addApprover}
      input={() => {
        setMissing(to === null);
        return to === null ? null : { workItemId, userId: idOf(to) };
      }}
      title="Add an approver"
      effect="The step is decided only when they have decided, too. They are told by mail."
      submit="Add approver"
      success="Added, and told by mail."
      onClose={onClose}
    >
      <AssigneePicker
        label="Who"
        placeholder="Type a name"
        only="user"
        required
        value={to}
        onChange={setTo}
        error={isMissing ? "Choose somebody" : null}
      />
    </ReasonDialog>
  );
}

function OverrideDialog({ workItemId, approval, onClose }: DialogProps & { readonly approval: Steer }) {
  const { outcomes, asksPassword } = approval;
  // What stood on the page when it was covered: what changes behind the dialog is refused once, and said.
  const [shownAs, setShownAs] = useState(approval.shownAs);
  const [outcome, choose] = useState(outcomes[0]?.name ?? "Approve");
  const [password, setPassword] = useState("");
  const [isMissing, setMissing] = useState(false);
  return (
    <ReasonDialog
      act={async ({ reason, key }: { reason: string; key: string }) => {
        const said = { workItemId, outcome, comments: reason, shownAs, key, ...(asksPassword && { password }) };
        const done = await overrideItem(said);
        if (!done.ok) setShownAs(approval.shownAs);
        return done;
      }}
      input={() => {
        const isWithout = asksPassword && password === "";
        setMissing(isWithout);
        return isWithout ? null : {};
      }}
      title="Decide in the approver's place"
      effect="This is written down as yours, with your reason, for everybody who sees the request. It cannot be taken back."
      submit="Decide"
      success="Decided. The history names you as admin."
      isDanger
      onClose={onClose}
    >
      <Select
        label="Decision"
        allowDeselect={false}
        data={outcomes.map(({ name, label }) => ({ value: name, label }))}
        value={outcome}
        onChange={(next) => choose(next ?? outcome)}
      />
      {asksPassword && (
        <PasswordAgain
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={isMissing ? "Type your password to decide" : null}
        />
      )}
    </ReasonDialog>
  );
}
