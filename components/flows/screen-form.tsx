"use client";

import { Alert, Box, Button, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconArrowLeft, IconArrowRight, IconCheck } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import { ActionBar, ActionBarNote } from "@/components/ui/action-bar";
import { ErrorSummary } from "@/components/ui/error-summary";
import { KeptNote } from "@/components/ui/kept-note";
import type { AfterScreen, ScreenView } from "@/lib/interviews/schema";
import { ClosingFields, closingId } from "./closing-fields";
import { DraftConflict } from "./draft-conflict";
import { DraftStatus } from "./draft-status";
import { fieldId, ScreenField } from "./screen-field";
import classes from "./screen-form.module.css";
import { useScreen } from "./use-screen";

type Props = {
  readonly view: ScreenView;
  /** Of an approval the fingerprint of what stands beside the form. */
  readonly shownAs: string | undefined;
  /** The next screen, the one before, or the end, good or bad. */
  readonly onAnswer: (answer: AfterScreen) => void;
  /** Whether the screen was reached by Next or Back, so that the focus goes to its heading. */
  readonly isReached: boolean;
  /** Nothing can be sent any more. */
  readonly isOver: boolean;
};

/** One screen of a flow. Give it `key={view.screen.name}`: each screen is a form of its own. */
export function ScreenForm({ view, shownAs, onAnswer, isReached, isOver }: Props) {
  const form = useScreen({ view, shownAs, onAnswer });
  const { screen } = view;
  const conflict = form.draft.state.kind === "conflict" ? form.draft.state : null;
  const formId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isReached) heading.current?.focus();
  }, [isReached]);
  const labelOf = (path: string) => form.fields.find((field) => field.name === path)?.label ?? null;
  const errorOf = (name: string) => form.problems.find(({ path }) => path === name)?.message;
  const isUntouched = form.values === view.values && form.draft.state.kind === "clean";
  if (isOver && isUntouched) return null;
  return (
    <form
      id={formId}
      className={classes.form}
      noValidate
      aria-label={screen.label}
      onBlur={() => void form.draft.flush()}
      onSubmit={(event) => {
        event.preventDefault();
        void form.send("next");
      }}
    >
      {isOver && <KeptNote />}
      <Box>
        <Title order={2} ref={heading} tabIndex={-1} style={{ outline: "none" }}>
          {screen.label}
        </Title>
        {screen.help && (
          <Text fz="sm" c="dimmed" mt={4} maw={640} className={classes.help ?? ""}>
            {screen.help}
          </Text>
        )}
      </Box>
      {form.refusal && !isOver && (
        <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
          {form.refusal}
        </Alert>
      )}
      <ErrorSummary
        problems={form.problems}
        idOf={(path) => (labelOf(path) ? fieldId(path) : closingId(path))}
        labelOf={labelOf}
      />
      {conflict && !isOver && (
        <DraftConflict
          fields={screen.fields}
          mine={form.values}
          theirs={conflict.theirs}
          at={conflict.at}
          onChosen={(values) => {
            form.replace(values);
            form.draft.resume();
          }}
        />
      )}
      <fieldset className={classes.fields} disabled={isOver}>
        {form.fields.map((field) => (
          <ScreenField
            key={field.name}
            field={field}
            value={form.values[field.name] ?? null}
            error={errorOf(field.name)}
            name={view.names[String(form.values[field.name] ?? "")]}
            onChange={(value) => form.set(field.name, value)}
          />
        ))}
      </fieldset>
      {!isOver && <ClosingFields closing={form.closing.asked} errorOf={errorOf} onChange={form.closing.set} />}
      {!isOver && <Buttons form={form} formId={formId} screen={screen} />}
    </form>
  );
}

type ButtonsProps = {
  readonly form: ReturnType<typeof useScreen>;
  readonly formId: string;
  readonly screen: ScreenView["screen"];
};

/** Where the draft is, and the ways on. */
function Buttons({ form, formId, screen }: ButtonsProps) {
  /** Saves even what seems saved, because somebody asked. */
  const saveNow = () => {
    form.replace(form.values);
    void form.draft.flush();
  };
  return (
    <ActionBar>
      <ActionBarNote>
        <DraftStatus state={form.draft.state} onSave={form.draft.flush} />
      </ActionBarNote>
      <Button variant="subtle" color="gray" onClick={saveNow}>
        Save
      </Button>
      {screen.canGoBack && (
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          loading={form.sending === "back"}
          onClick={() => void form.send("back")}
        >
          Back
        </Button>
      )}
      <Button
        type="submit"
        form={formId}
        loading={form.sending === "next"}
        disabled={form.draft.state.kind === "conflict"}
        rightSection={screen.isLast ? <IconCheck size={16} /> : <IconArrowRight size={16} />}
      >
        {screen.isLast ? "Finish" : "Next"}
      </Button>
    </ActionBar>
  );
}
