"use client";

import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { confirm } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { deleteField, deleteObject } from "@/lib/definitions/actions";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";

const LOOK = { color: "red", variant: "subtle", leftSection: <IconTrash size={16} /> } as const;

/** Deletes an object that nothing uses and that has no records; otherwise says what stands in the way. */
export function DeleteObject({ object: { name, label } }: { object: Pick<ObjectShape, "name" | "label"> }) {
  const router = useRouter();
  const act = useAct(deleteObject, { success: `${label} is deleted`, onDone: () => router.push("/admin/objects") });
  const ask = async () => {
    const text = "It goes with all its fields. This is only done when it has no records and nothing names it.";
    if (await confirm({ title: `Delete the object ${label}?`, text, action: "Delete the object", isDanger: true }))
      await act.run({ name });
  };
  return (
    <Button {...LOOK} loading={act.isPending} onClick={() => void ask()}>
      Delete object
    </Button>
  );
}

/** Deletes a field that nothing uses and that holds no value in any record. */
export function DeleteField({
  object,
  field: { name, label },
  onDeleted,
}: {
  object: Pick<ObjectShape, "name" | "label">;
  field: Pick<FieldShape, "name" | "label">;
  onDeleted: () => void;
}) {
  const router = useRouter();
  const onDone = () => {
    onDeleted();
    router.refresh();
  };
  const act = useAct(deleteField, { success: `${label} is deleted`, onDone });
  const ask = async () => {
    const text = `This is only done when no ${object.label.toLowerCase()} has a value in it and nothing names it.`;
    if (await confirm({ title: `Delete the field ${label}?`, text, action: "Delete the field", isDanger: true }))
      await act.run({ object: object.name, name });
  };
  return (
    <Button {...LOOK} loading={act.isPending} onClick={() => void ask()}>
      Delete field
    </Button>
  );
}
