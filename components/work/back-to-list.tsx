import { Button, VisuallyHidden } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import classes from "./work-desk.module.css";

/** Where the list gives way to what is open (phones): the way back, and the page's own heading, which is in the list elsewhere. */
export function BackToList({ heading, onBack }: { heading: string; onBack: () => void }) {
  return (
    <div className={classes.back}>
      <VisuallyHidden component="h1">{heading}</VisuallyHidden>
      <Button variant="subtle" color="gray" leftSection={<IconArrowLeft size={18} />} onClick={onBack}>
        Back to the list
      </Button>
    </div>
  );
}
