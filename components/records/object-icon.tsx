import { ThemeIcon } from "@mantine/core";
import {
  IconBriefcase,
  IconBug,
  IconBuilding,
  IconBulb,
  IconCalendar,
  IconCash,
  IconCertificate,
  IconDeviceLaptop,
  IconFile,
  IconHeadset,
  IconHeart,
  IconMapPin,
  IconPackage,
  IconReceipt,
  IconScale,
  IconShoppingCart,
  IconTool,
  IconTruck,
  IconUser,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";
import type { OBJECT_ICONS } from "@/lib/records/schema/object";

type IconName = (typeof OBJECT_ICONS)[number];

/** A new name in `OBJECT_ICONS` fails the build until it has a picture. */
const PICTURES: Readonly<Record<IconName, TablerIcon>> = {
  file: IconFile,
  user: IconUser,
  users: IconUsers,
  briefcase: IconBriefcase,
  building: IconBuilding,
  cash: IconCash,
  receipt: IconReceipt,
  "shopping-cart": IconShoppingCart,
  package: IconPackage,
  truck: IconTruck,
  tool: IconTool,
  bug: IconBug,
  headset: IconHeadset,
  heart: IconHeart,
  calendar: IconCalendar,
  "map-pin": IconMapPin,
  "device-laptop": IconDeviceLaptop,
  certificate: IconCertificate,
  scale: IconScale,
  bulb: IconBulb,
};

export const pictureOf = (name: string): TablerIcon => PICTURES[name as IconName] ?? IconFile;

/** An object's picture on its tile. Decoration: the object's label stands beside it. */
export function ObjectIcon({ name, size = 36 }: { name: string; size?: number }) {
  const Picture = pictureOf(name);
  return (
    <ThemeIcon variant="light" size={size} radius="md" aria-hidden>
      <Picture size={Math.round(size * 0.55)} stroke={1.6} />
    </ThemeIcon>
  );
}
