"use client";

import { TextInput } from "@mantine/core";
import { useState } from "react";
import { suggestName } from "./suggest-name";

/** The label and API name of something new: the name follows the label until somebody writes another. */
export function useNaming(joint: "" | "_" = "_") {
  const [label, setLabel] = useState("");
  const [written, setName] = useState<string | null>(null);
  return { label, name: written ?? suggestName(label, joint), setLabel, setName };
}

type Props = {
  readonly naming: ReturnType<typeof useNaming>;
  readonly errors: { readonly [field: string]: string | undefined };
};

export function NameFields({ naming, errors }: Props) {
  return (
    <>
      <TextInput
        label="Label"
        required
        withAsterisk={false}
        data-autofocus
        maxLength={80}
        error={errors.label}
        value={naming.label}
        onChange={(event) => naming.setLabel(event.currentTarget.value)}
      />
      <TextInput
        label="API name"
        description="What definitions call it. It never changes."
        required
        withAsterisk={false}
        maxLength={80}
        spellCheck={false}
        error={errors.name}
        value={naming.name}
        onChange={(event) => naming.setName(event.currentTarget.value)}
      />
    </>
  );
}
