"use client";

import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

export type Option = { readonly value: string; readonly label: string };
type Offer = { readonly rows: readonly Option[] };

async function fetchOptions(to: string, search: string, signal: AbortSignal): Promise<readonly Option[]> {
  const answer = await fetch(`/api/lists/lookup?${new URLSearchParams({ to, search })}`, { signal });
  if (!answer.ok) throw new Error(`the lookup answered ${answer.status}`);
  return ((await answer.json()) as Offer).rows;
}

type Props = Omit<SelectProps, "data" | "value" | "onChange" | "defaultValue" | "searchValue"> & {
  /** The object whose records are offered, or `user` for people. */
  readonly to: string;
  readonly value: string | null;
  /** What the chosen one is called, when it was chosen before this page. */
  readonly chosenLabel?: string | undefined;
  readonly onChange: (value: string | null, option: Option | null) => void;
};

/** Finds a record or a person by name: typing asks the server, which offers what the viewer may see. */
export function LookupSelect({ to, value, chosenLabel, onChange, ...props }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Option | null>(
    value ? { value, label: chosenLabel ?? "A record you may not see" } : null,
  );
  const current = chosen?.value === value ? chosen : value ? { value, label: chosenLabel ?? value } : null;
  const [search] = useDebouncedValue(typed === current?.label ? "" : typed, 200);
  const offer = useQuery({
    queryKey: ["lookup", to, search],
    queryFn: ({ signal }) => fetchOptions(to, search, signal),
    enabled: isOpen,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const options = [
    ...new Map(
      [...(current && search === "" ? [current] : []), ...(offer.data ?? [])].map((option) => [option.value, option]),
    ).values(),
  ];
  const data = current && !options.some((option) => option.value === current.value) ? [...options, current] : options;
  return (
    <Select
      searchable
      clearable
      placeholder="Search by name"
      {...props}
      data={data}
      value={value}
      onChange={(next) => {
        const option = data.find((one) => one.value === next) ?? null;
        setChosen(option);
        onChange(next, option);
      }}
      filter={({ options: all }) => all}
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      nothingFoundMessage={
        offer.isPending ? "Searching…" : offer.isError ? "Cannot search just now" : "Nothing of that name"
      }
      {...(offer.isFetching ? { rightSection: <Loader size={14} /> } : {})}
    />
  );
}
