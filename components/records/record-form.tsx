"use client";

import { Alert, Anchor, Box, Button, Card, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertCircle, IconUsers } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Value } from "@/lib/logic/value";
import type { ShownRecord } from "@/lib/records/loaders";
import { formatValue } from "@/lib/records/schema/format-value";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";
import { FieldInput, inputId } from "./field-input";
import { LookupSelect } from "./lookup-select";
import { type RecordFormProps, type Refused, useRecordDraft } from "./use-record-draft";

/** Ctrl or ⌘ with Enter sends the form from wherever one types. */
const sendByKey = (event: KeyboardEvent<HTMLFormElement>) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
};

/** Makes or changes a record. */
export function RecordForm(props: RecordFormProps) {
  const { object, record, owner, mayTransfer } = props;
  const draft = useRecordDraft(props);
  const labelOf = (path: string) =>
    object.fields.find(({ name }) => name === path)?.label ?? (path === "Name" ? object.nameLabel : null);
  const title = record ? `Edit ${record.name}` : `New ${object.label.toLowerCase()}`;
  return (
    <form onSubmit={draft.save} onKeyDown={sendByKey} noValidate aria-label={title}>
      <Stack gap="lg">
        {draft.refusal && <NotSaved refusal={draft.refusal} record={record} />}
        <ErrorSummary problems={draft.problems} idOf={inputId} labelOf={labelOf} />
        <Card padding="lg">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="md">
            <NameInput
              object={object}
              {...draft.field("Name")}
              onChange={(value) => draft.type("Name", value)}
              isNew={!record}
            />
            {mayTransfer && (
              <OwnerInput owner={owner} {...draft.field("Owner")} onChange={(value) => draft.type("Owner", value)} />
            )}
            {object.fields.map((field) => (
              <Box key={field.name} style={field.type === "long_text" ? { gridColumn: "1 / -1" } : {}}>
                <FieldOfRecord
                  field={field}
                  {...draft.field(field.name)}
                  names={record?.names ?? {}}
                  startId={record?.values[field.name]}
                  onChange={(value) => draft.type(field.name, value)}
                />
              </Box>
            ))}
          </SimpleGrid>
        </Card>
        <Buttons object={object} record={record} isDirty={draft.isDirty} isPending={draft.isPending} />
      </Stack>
    </form>
  );
}

type ButtonsProps = { object: ObjectShape; record: ShownRecord | null; isDirty: boolean; isPending: boolean };

function Buttons({ object, record, isDirty, isPending }: ButtonsProps) {
  const back = record ? `/records/${object.name}/${record.id}` : `/records/${object.name}`;
  return (
    <Group gap="sm">
      <SubmitButton isPending={isPending}>{record ? "Save" : `Create ${object.label.toLowerCase()}`}</SubmitButton>
      <Button component={Link} href={back} variant="default">
        Cancel
      </Button>
      {isDirty && (
        <Text fz="sm" c="dimmed">
          Not saved yet
        </Text>
      )}
    </Group>
  );
}

type Names = Readonly<Record<string, string>>;
type FieldProps = InputProps & {
  field: FieldShape;
  meanwhile: Value | undefined;
  names: Names;
  startId: Value | undefined;
};

function FieldOfRecord({ field, value, error, meanwhile, names, startId, onChange }: FieldProps) {
  const chosenLabel = typeof startId === "string" ? names[startId] : undefined;
  return (
    <>
      <FieldInput field={field} value={value} error={error} onChange={onChange} chosenLabel={chosenLabel} />
      {meanwhile !== undefined && (
        <Meanwhile field={field} value={meanwhile} names={names} onTake={() => onChange(meanwhile)} />
      )}
    </>
  );
}

type InputProps = { value: Value; error: string | null; onChange: (value: Value) => void };

function NameInput({ object, value, error, onChange, isNew }: InputProps & { object: ObjectShape; isNew: boolean }) {
  return (
    <TextInput
      id={inputId("Name")}
      label={object.nameLabel}
      withAsterisk
      aria-required
      autoComplete="off"
      data-autofocus
      autoFocus={isNew}
      error={error}
      value={String(value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function OwnerInput({ owner, value, error, onChange }: InputProps & { owner: RecordFormProps["owner"] }) {
  return (
    <LookupSelect
      id={inputId("Owner")}
      label="Owner"
      withAsterisk
      clearable={false}
      to="user"
      value={String(value)}
      chosenLabel={owner.label}
      error={error}
      onChange={(next) => onChange(next ?? owner.value)}
    />
  );
}

/** Why nothing was saved, where no field is to blame. It takes the focus, and so comes into view. */
function NotSaved({ refusal: { code, message }, record }: { refusal: Refused; record: ShownRecord | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const isConflict = code === "record-changed" && record !== null;
  const icon = isConflict ? <IconUsers size={18} /> : <IconAlertCircle size={18} />;
  return (
    <Alert ref={box} tabIndex={-1} color="orange" role="alert" icon={icon} title="This was not saved">
      {isConflict ? (
        <Text fz="sm">
          {record.names[record.updatedBy] ?? "Somebody"} changed this record <Moment at={record.updatedAt} />, after you
          opened it. What you typed is still here. Fields that you did not touch show the record as it is now; where
          both of you changed one, its present value is told below it. Saving again puts yours in its place.
        </Text>
      ) : (
        <Text fz="sm">{message}</Text>
      )}
    </Alert>
  );
}

function Meanwhile({
  field,
  value,
  names,
  onTake,
}: {
  field: FieldShape;
  value: Value;
  names: Readonly<Record<string, string>>;
  onTake: () => void;
}) {
  const shown = (typeof value === "string" ? names[value] : undefined) ?? formatValue(value, field) ?? "empty";
  return (
    <Text fz="xs" mt={4} c="orange">
      Now: {shown.slice(0, 200)}.{" "}
      <Anchor component="button" type="button" fz="xs" c="inherit" underline="always" onClick={onTake}>
        Take it
      </Anchor>
    </Text>
  );
}
