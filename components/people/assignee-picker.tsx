"use client";

import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

type Option = { readonly value: string; readonly label: string };
type OptionGroup = { readonly group: string; readonly items: readonly Option[] };
type Props = Omit<SelectProps, "data" | "value" | "searchValue" | "onSearchChange" | "filter"> & {
  /** `user:usr_…`, `group:grp_…` or `queue:que_…` */
  readonly value: string | null;
  /** The name of a value that was there before anything was searched. */
  readonly valueLabel?: string | null;
  /** The kinds that may be chosen; all three unless said. */
  readonly only?: Kind | readonly Kind[];
};
type Kind = "user" | "group" | "queue";

const SEARCH_DELAY_MS = 200;

async function fetchOptions(search: string, signal: AbortSignal): Promise<OptionGroup[]> {
  const answer = await fetch(`/api/lists/assignees?search=${encodeURIComponent(search)}`, { signal });
  if (!answer.ok) throw new Error(`the picker answered ${answer.status}`);
  return (await answer.json()) as OptionGroup[];
}

const isOf = ({ value }: Option, only: Props["only"]): boolean =>
  only === undefined || [only].flat().some((kind) => value.startsWith(`${kind}:`));

/** Finds a person, a group or a queue by name, as one types. */
export function AssigneePicker({ value, valueLabel, only, ...props }: Props) {
  const [search, setSearch] = useState(valueLabel ?? "");
  const [asked] = useDebouncedValue(search, SEARCH_DELAY_MS);
  const [chosen, setChosen] = useState<Option | null>(value && valueLabel ? { value, label: valueLabel } : null);
  // What stands in the box after a choice is that choice's name, not a question.
  const question = asked === chosen?.label ? "" : asked;
  const options = useQuery({
    queryKey: ["assignees", question],
    queryFn: ({ signal }) => fetchOptions(question, signal),
    placeholderData: keepPreviousData,
  });
  const groups = (options.data ?? []).map(({ group, items }) => ({
    group,
    items: items.filter((item) => item.value !== chosen?.value && isOf(item, only)),
  }));
  const data = [...(chosen ? [{ group: "Chosen", items: [chosen] }] : []), ...groups].filter(
    ({ items }) => items.length > 0,
  );
  return (
    <Select
      searchable
      openOnFocus={false}
      {...props}
      data={data}
      value={value}
      onChange={(next, option) => {
        setChosen(option ? { value: option.value, label: option.label } : null);
        props.onChange?.(next, option);
      }}
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options: all }) => all}
      nothingFoundMessage={options.isError ? "The names could not be fetched. Try again." : "Nobody of that name"}
      rightSection={options.isFetching ? <Loader size={14} /> : undefined}
      maxDropdownHeight={320}
    />
  );
}
