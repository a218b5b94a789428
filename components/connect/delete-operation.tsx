"use client";

import { Button } from "@mantine/core";
import { useRouter } from "next/navigation";
import { confirm } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { deleteOperation } from "@/lib/connect/actions/operations";

export function DeleteOperation({ name, label }: { name: string; label: string }) {
  const router = useRouter();
  const act = useAct(deleteOperation, {
    success: `${label} is deleted.`,
    onDone: () => router.push("/admin/connections"),
  });
  const ask = async () => {
    const isSure = await confirm({
      title: `Delete ${label}?`,
      text: "Steps of runs that began with an older version and still want to call it end in Error.",
      action: "Delete the operation",
      isDanger: true,
    });
    if (isSure) await act.run({ name });
  };
  return (
    <Button variant="subtle" color="red" loading={act.isPending} onClick={() => void ask()}>
      Delete
    </Button>
  );
}
