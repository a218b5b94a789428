import { Group, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** A list's search box and, beside it, its filters. */
export function FilterBar({
  label,
  search,
  onSearch,
  children,
}: {
  label: string;
  search: string;
  onSearch: (text: string) => void;
  children?: ReactNode;
}) {
  return (
    <Group gap="sm" wrap="wrap" role="search" aria-label={label}>
      <TextInput
        flex="1 1 220px"
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {children}
    </Group>
  );
}
