"use client";

import { Alert, Anchor, Box, Button, Card, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { Moment } from "@/components/ui/moment";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { sameValue } from "@/lib/logic/compare";
import type { Value } from "@/lib/logic/value";
import type { Problem } from "@/lib/result";
import { createRecord, updateRecord } from "@/lib/records/actions";
import type { ShownRecord } from "@/lib/records/loaders";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";
import { FieldInput, inputId } from "./field-input";
import { formatValue } from "./format-value";
import { LookupSelect } from "./lookup-select";
import { useLeaveGuard } from "./use-leave-guard";

type Typed = Readonly<Record<string, Value>>;
type Props = {
  readonly object: ObjectShape;
  /** Null: a new record. */
  readonly record: ShownRecord | null;
  readonly owner: { readonly value: string; readonly label: string };
  readonly mayTransfer: boolean;
};

/** `values.Amount` of the request's shape is the field `Amount`. */
const atField = ({ path, message }: Problem): Problem => ({ path: path.replace(/^values\./, ""), message });

/** What the form shows before anything is typed, by field; Name and Owner among them. */
const startOf = ({ object, record, owner }: Props): Typed => ({
  ...Object.fromEntries(object.fields.map((field) => [field.name, (record ? record.values[field.name] : field.defaultValue) ?? null])),
  Name: record?.name ?? "",
  Owner: owner.value,
});

/**
 * Makes or changes a record. Only what was typed is kept here and sent; everything else follows the record as it is, so that somebody
 * else's change to another field is neither lost nor in the way.
 */
export function RecordForm(props: Props) {
  const { object, record } = props;
  const router = useRouter();
  const [typed, setTyped] = useState<Typed>({});
  const [seen] = useState(() => startOf(props));
  const [refusal, setRefusal] = useState<{ code: string; message: string } | null>(null);
  const start = startOf(props);
  const changed = Object.fromEntries(Object.entries(typed).filter(([name, value]) => !sameValue(blankAsNull(value), blankAsNull(start[name] ?? null))));
  const isDirty = Object.keys(changed).length > 0;

  const onDone = ({ id }: { id: string }) => {
    setTyped({});
    router.push(`/records/${object.name}/${id}`);
    router.refresh();
  };
  const onRefused = (told: { code: string; message: string }) => {
    setRefusal(told.code === "invalid" ? null : told);
    if (told.code === "record-changed") router.refresh();
  };
  const create = useAct(createRecord, { onDone, onRefused, success: `${object.label} created` });
  const update = useAct(updateRecord, { onDone, onRefused, success: "Saved" });
  const act = record ? update : create;
  const problems = act.problems.map(atField);
  useLeaveGuard(isDirty && !act.isPending);

  const save = (event: FormEvent) => {
    event.preventDefault();
    if (record && !isDirty) return router.push(`/records/${object.name}/${record.id}`);
    if (record) void update.run({ object: object.name, id: record.id, values: sendable(changed), expectedVersion: record.version });
    else void create.run({ object: object.name, values: sendable({ ...start, ...typed }) });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };
  const type = (name: string, value: Value) => setTyped((before) => ({ ...before, [name]: value }));
  const field = (name: string) => ({
    value: typed[name] ?? (Object.hasOwn(typed, name) ? null : (start[name] ?? null)),
    error: problems.find(({ path }) => path === name)?.message ?? null,
    isOverwriting: Object.hasOwn(changed, name) && !sameValue(seen[name] ?? null, start[name] ?? null),
  });
  const labelOf = (path: string) => object.fields.find(({ name }) => name === path)?.label ?? (path === "Name" ? object.nameLabel : null);

  return (
    <form onSubmit={save} onKeyDown={onKeyDown} noValidate aria-label={record ? `Edit ${record.name}` : `New ${object.label.toLowerCase()}`}>
      <Stack gap="lg">
        {refusal && <NotSaved refusal={refusal} record={record} />}
        <ErrorSummary problems={problems} idOf={inputId} labelOf={labelOf} />
        <Card padding="lg">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="md">
            <NameInput object={object} {...field("Name")} onChange={(value) => type("Name", value)} isNew={!record} />
            {props.mayTransfer && <OwnerInput owner={props.owner} {...field("Owner")} onChange={(value) => type("Owner", value)} />}
            {object.fields.map((one) => (
              <Box key={one.name} style={one.type === "long_text" ? { gridColumn: "1 / -1" } : {}}>
                <FieldInput field={one} value={field(one.name).value} error={field(one.name).error} onChange={(value) => type(one.name, value)} chosenLabel={record?.names[String(start[one.name])]} />
                {field(one.name).isOverwriting && <Meanwhile field={one} value={start[one.name] ?? null} names={record?.names ?? {}} onTake={() => type(one.name, start[one.name] ?? null)} />}
              </Box>
            ))}
          </SimpleGrid>
        </Card>
        <Group gap="sm">
          <SubmitButton isPending={act.isPending}>{record ? "Save" : `Create ${object.label.toLowerCase()}`}</SubmitButton>
          <Button component={Link} href={record ? `/records/${object.name}/${record.id}` : `/records/${object.name}`} variant="default">Cancel</Button>
          {isDirty && <Text fz="sm" c="dimmed">Not saved yet</Text>}
        </Group>
      </Stack>
    </form>
  );
}

const blankAsNull = (value: Value): Value => (value === "" ? null : value);
/** What a form holds is text, number, tick or nothing. */
const sendable = (values: Typed): Record<string, string | number | boolean | null> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? null : (value as string | number | boolean)]));

type InputProps = { value: Value; error: string | null; onChange: (value: Value) => void };

function NameInput({ object, value, error, onChange, isNew }: InputProps & { object: ObjectShape; isNew: boolean }) {
  return (
    <TextInput
      id={inputId("Name")} label={object.nameLabel} withAsterisk aria-required autoComplete="off" data-autofocus autoFocus={isNew} error={error}
      value={String(value ?? "")} onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function OwnerInput({ owner, value, error, onChange }: InputProps & { owner: Props["owner"] }) {
  return <LookupSelect id={inputId("Owner")} label="Owner" withAsterisk clearable={false} to="user" value={String(value)} chosenLabel={owner.label} error={error} onChange={(next) => onChange(next ?? owner.value)} />;
}

function NotSaved({ refusal: { code, message }, record }: { refusal: { code: string; message: string }; record: ShownRecord | null }) {
  const isConflict = code === "record-changed" && record !== null;
  return (
    <Alert color="orange" role="alert" icon={<IconUsers size={18} />} title="This was not saved">
      {isConflict ? (
        <Text fz="sm">
          {record.names[record.updatedBy] ?? "Somebody"} changed this record <Moment at={record.updatedAt} />, after you opened it. What you typed is still here. Fields that you
          did not touch show the record as it is now; where both of you changed one, its present value is told below it. Saving again puts yours in its place.
        </Text>
      ) : <Text fz="sm">{message}</Text>}
    </Alert>
  );
}

function Meanwhile({ field, value, names, onTake }: { field: FieldShape; value: Value; names: Readonly<Record<string, string>>; onTake: () => void }) {
  const shown = (typeof value === "string" ? names[value] : undefined) ?? formatValue(value, field) ?? "empty";
  return (
    <Text fz="xs" mt={4} c="orange">
      Now: {shown.slice(0, 200)}. <Anchor component="button" type="button" fz="xs" c="inherit" underline="always" onClick={onTake}>Take it</Anchor>
    </Text>
  );
}
