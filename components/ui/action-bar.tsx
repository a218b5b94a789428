"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { createPortal } from "react-dom";
import classes from "./action-bar.module.css";

const SlotContext = createContext<HTMLElement | null>(null);

/**
 * Keeps the buttons of whatever stands in it pinned to the bottom of the pane, however far up their form begins. Give it the pane's
 * class; the bar is its last child.
 */
export function ActionBarPane({
  className,
  label,
  children,
}: {
  className?: string | undefined;
  label: string;
  children: ReactNode;
}) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <SlotContext.Provider value={slot}>
      <article className={className} aria-label={label}>
        {children}
        <div ref={setSlot} className={classes.slot} />
      </article>
    </SlotContext.Provider>
  );
}

/** A form's buttons. They stand outside the form's element: a submit button names its form by `form={id}`. */
export function ActionBar({ children }: { children: ReactNode }) {
  const slot = useContext(SlotContext);
  return slot ? createPortal(<div className={classes.bar}>{children}</div>, slot) : null;
}

/** What stands at the left of the bar, or above the buttons on phones. */
export const ActionBarNote = ({ children }: { children?: ReactNode }) => <div className={classes.note}>{children}</div>;

/** What stands in a line of its own beneath the buttons. */
export const ActionBarUnder = ({ children }: { children?: ReactNode }) => (
  <div className={classes.under}>{children}</div>
);
