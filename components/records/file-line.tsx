import { Anchor, Text } from "@mantine/core";
import { IconFileText, IconFileTypePdf, IconPhoto, IconTable, type TablerIcon } from "@tabler/icons-react";
import { Moment } from "@/components/ui/moment";
import { fileSize, pathOfFile, type ShownFile } from "@/lib/records/schema/attachment";
import classes from "./files.module.css";

const ICONS: ReadonlyMap<string, TablerIcon> = new Map([
  ["pdf", IconFileTypePdf],
  ...["png", "jpg", "jpeg", "gif", "webp"].map((ending) => [ending, IconPhoto] as const),
  ...["csv", "xlsx", "ods"].map((ending) => [ending, IconTable] as const),
]);
const iconOf = (name: string) => ICONS.get(name.split(".").at(-1)?.toLowerCase() ?? "") ?? IconFileText;

/** One attachment: its name, which downloads it, and who attached it when. */
export function FileLine({ file: { id, name, size, byName, at } }: { file: ShownFile }) {
  const Icon = iconOf(name);
  return (
    <span className={classes.file}>
      <Icon size={20} stroke={1.5} aria-hidden className={classes.icon} />
      <span className={classes.words}>
        <Anchor href={pathOfFile(id)} download fz="sm" fw={500}>
          <bdi>{name}</bdi>
        </Anchor>
        <Text span fz="xs" c="dimmed">
          {fileSize(size)}, {byName}, <Moment at={at} tabStop />
        </Text>
      </span>
    </span>
  );
}

/** What is attached, for somebody who only looks at it. */
export function FileList({ files }: { files: readonly ShownFile[] }) {
  return (
    <ul className={classes.list}>
      {files.map((file) => (
        <li key={file.id} className={classes.row}>
          <FileLine file={file} />
        </li>
      ))}
    </ul>
  );
}
