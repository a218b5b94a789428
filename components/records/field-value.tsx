"use client";

import { Anchor, Avatar, Badge, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { useTime } from "@/components/ui/clock";
import { exactInstant } from "@/components/ui/format-instant";
import { Link } from "@/components/ui/link";
import { formatInstant } from "@/lib/logic/display";
import type { Value } from "@/lib/logic/value";
import { formatValue } from "@/lib/records/schema/format-value";
import type { FieldShape } from "@/lib/records/schema/object";

type Props = {
  readonly value: Value | undefined;
  readonly field: FieldShape;
  readonly names: Readonly<Record<string, string>> /** In a row: one line, nothing pressed by mistake. */;
  readonly inRow?: boolean;
};

/** What one field of a record holds. */
export function FieldValue({ value, field, names, inRow = false }: Props) {
  const text = formatValue(value, field);
  if (field.type === "checkbox") return <Ticked isTicked={value === true} />;
  if (text === null)
    return (
      <Text span fz="sm" c="dimmed" aria-label="Empty">
        –
      </Text>
    );
  switch (field.type) {
    case "picklist":
      return (
        <Badge variant="default" {...(inRow ? { miw: "max-content" } : { h: "auto", style: { whiteSpace: "normal" } })}>
          {text}
        </Badge>
      );
    case "user":
      return <PersonName name={names[text] ?? "Somebody who is gone"} />;
    case "lookup":
      return <RecordLink object={field.options.object ?? ""} id={text} name={names[text]} />;
    case "datetime":
      return <Instant at={text} />;
    case "email":
      return inRow ? (
        <Text span fz="sm">
          {text}
        </Text>
      ) : (
        <Anchor
          fz="sm"
          href={`mailto:${encodeURIComponent(text).replace("%40", "@")}`}
          style={{ overflowWrap: "anywhere" }}
        >
          {text}
        </Anchor>
      );
    case "number":
    case "currency":
      return (
        <Text span fz="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
          {text}
        </Text>
      );
    default:
      return inRow ? (
        <Text span fz="sm">
          {text}
        </Text>
      ) : (
        <Text fz="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {text}
        </Text>
      );
  }
}

function Ticked({ isTicked }: { isTicked: boolean }) {
  const Mark = isTicked ? IconCheck : IconMinus;
  return (
    <Group gap={4} wrap="nowrap" c={isTicked ? "var(--mantine-color-text)" : "dimmed"}>
      <Mark size={16} aria-hidden />
      <Text span fz="sm">
        {isTicked ? "Yes" : "No"}
      </Text>
    </Group>
  );
}

export function PersonName({ name }: { name: string }) {
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Avatar name={name} size={20} color="gray" aria-hidden alt="" />
      <Text span fz="sm" truncate>
        {name}
      </Text>
    </Group>
  );
}

function RecordLink({ object, id, name }: { object: string; id: string; name: string | undefined }) {
  if (name === undefined)
    return (
      <Text span fz="sm" c="dimmed">
        A record you may not see
      </Text>
    );
  return (
    <Anchor component={Link} href={`/records/${object}/${id}`} fz="sm" style={{ overflowWrap: "anywhere" }}>
      {name}
    </Anchor>
  );
}

function Instant({ at }: { at: string }) {
  const { zone } = useTime();
  return (
    <Tooltip label={exactInstant(new Date(at), zone)}>
      <Text span fz="sm" suppressHydrationWarning>
        <time dateTime={at} suppressHydrationWarning>
          {formatInstant(at, zone)}
        </time>
      </Text>
    </Tooltip>
  );
}
