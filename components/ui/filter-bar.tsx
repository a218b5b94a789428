import { Group, Select, type SelectProps, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./filter-bar.module.css";

/** The filters of a list, named for whoever does not see where they stand. */
export function Filters({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="wrap" role="search" aria-label={label} className={classes.filters ?? ""}>
      {children}
    </Group>
  );
}

/** A list's search box and, beside it, its filters. */
export function FilterBar({
  label,
  placeholder = label,
  search,
  onSearch,
  children,
}: {
  label: string;
  /** What is searched, where the label does not say it. */
  placeholder?: string;
  search: string;
  onSearch: (text: string) => void;
  children?: ReactNode;
}) {
  return (
    <Filters label={label}>
      <TextInput
        flex="1 1 220px"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={200}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {children}
    </Filters>
  );
}

/** One filter of a list: one choice, or none for all. `label` also says what none means: "Any status". */
export function FilterSelect({ label, ...select }: Omit<SelectProps, "aria-label"> & { label: string }) {
  return <Select aria-label={label} placeholder={`Any ${label.toLowerCase()}`} clearable {...select} />;
}

/** The filter of lists of runs and of work items by how old they are; what it calls each age is the list's. */
export function AgeFilter({
  hours,
  labels,
  onChange,
}: {
  hours: number | undefined;
  labels: readonly { readonly value: string; readonly label: string }[];
  onChange: (hours: string | null) => void;
}) {
  return (
    <FilterSelect label="Age" w={200} data={[...labels]} value={hours ? String(hours) : null} onChange={onChange} />
  );
}
