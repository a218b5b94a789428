import { IconMapOff } from "@tabler/icons-react";
import { Empty } from "./empty";
import { ButtonLink } from "./links";

/** The same answer for what does not exist and for what is not this person's to see. */
export function NotHere() {
  return (
    <Empty
      order={1}
      icon={<IconMapOff size={24} stroke={1.5} />}
      title="There is nothing here for you"
      text="This page does not exist, or it is not yours to see. If somebody sent you the link, ask them to check it."
      action={
        <ButtonLink href="/work" variant="default" mt="xs">
          Go to My work
        </ButtonLink>
      }
    />
  );
}
