import { Code, Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from "@mantine/core";
import { TextLink } from "@/components/ui/links";
import { hoursText, type WorkingCalendar } from "@/lib/flow/calendar";

type Listed = WorkingCalendar & { readonly calendarName: string; readonly label: string };

/** All calendars by their labels. */
export function CalendarsList({ calendars }: { calendars: readonly Listed[] }) {
  return (
    <Table highlightOnHover aria-label="Calendars">
      <TableThead>
        <TableTr>
          <TableTh>Calendar</TableTh>
          <TableTh visibleFrom="sm">API name</TableTh>
          <TableTh>Time zone</TableTh>
          <TableTh visibleFrom="sm">Mondays</TableTh>
          <TableTh visibleFrom="sm" ta="right">
            Days off
          </TableTh>
        </TableTr>
      </TableThead>
      <TableTbody>
        {calendars.map(({ calendarName, label, timeZone, hours, holidays }) => (
          <TableTr key={calendarName}>
            <TableTd>
              <TextLink href={`/admin/calendars/${calendarName}`}>{label}</TextLink>
            </TableTd>
            <TableTd visibleFrom="sm">
              <Code style={{ overflowWrap: "anywhere" }}>{calendarName}</Code>
            </TableTd>
            <TableTd>
              <Text fz="sm">{timeZone.replaceAll("_", " ")}</Text>
            </TableTd>
            <TableTd visibleFrom="sm">
              <Text fz="sm">{hoursText(hours[0] ?? []) || "Closed"}</Text>
            </TableTd>
            <TableTd visibleFrom="sm" ta="right">
              <Text fz="sm">{holidays.length}</Text>
            </TableTd>
          </TableTr>
        ))}
      </TableTbody>
    </Table>
  );
}
