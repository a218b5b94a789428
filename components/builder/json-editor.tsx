"use client";

import { type KeyboardEvent, type RefObject, useId, useRef } from "react";
import classes from "./json-editor.module.css";

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  /** Lines to be marked, from 1. */
  readonly marks: ReadonlyMap<number, "problem" | "warning">;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly isReadOnly?: boolean;
  readonly isShort?: boolean;
};

/** Pixels; the style sheet has the same. */
const LINE_HEIGHT = 20;
const PADDING = 10;

/** Puts the cursor where a problem is and brings its line into view. */
export function goTo(area: HTMLTextAreaElement | null, { line, offset }: { line: number; offset: number }): void {
  if (!area) return;
  area.focus();
  area.setSelectionRange(offset, offset);
  area.scrollTop = Math.max(0, (line - 1) * LINE_HEIGHT - area.clientHeight / 3);
  area.scrollIntoView({ block: "nearest" });
}

/**
 * JSON as text with numbered lines. Tab indents, Enter keeps the indent, Ctrl+S saves; Escape and then Tab leaves, so that the keyboard
 * is never caught. A plain text area underneath: undo, search, selection and screen readers work as everywhere.
 */
export function JsonEditor({
  label,
  value,
  onChange,
  onSave,
  marks,
  area,
  isReadOnly = false,
  isShort = false,
}: Props) {
  const gutter = useRef<HTMLDivElement>(null);
  const isLeaving = useRef(false);
  const hintId = useId();
  const lines = value.split("\n").length;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const wasLeaving = isLeaving.current;
    isLeaving.current = event.key === "Escape";
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      onSave();
    } else if (event.key === "Tab" && !event.shiftKey && !wasLeaving && !isReadOnly) {
      event.preventDefault();
      insert("  ");
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !isReadOnly) {
      event.preventDefault();
      insert(`\n${indentAt(event.currentTarget)}`);
    }
  };

  return (
    <div className={classes.frame} data-short={isShort || undefined}>
      <div className={classes.gutter} ref={gutter} aria-hidden>
        <pre className={classes.numbers}>{Array.from({ length: lines }, (_, index) => index + 1).join("\n")}</pre>
        {[...marks].map(([line, kind]) => (
          <span
            key={line}
            className={classes.mark}
            data-kind={kind}
            style={{ top: PADDING + (line - 1) * LINE_HEIGHT }}
          />
        ))}
      </div>
      <textarea
        ref={area}
        className={classes.text}
        aria-label={label}
        aria-describedby={hintId}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        readOnly={isReadOnly}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
      <span id={hintId} className={classes.hint}>
        Tab indents. Press Escape and then Tab to leave the editor.
      </span>
    </div>
  );
}

/** Types text at the cursor in the way that the browser's undo knows. */
const insert = (text: string): boolean => document.execCommand("insertText", false, text);

function indentAt(area: HTMLTextAreaElement): string {
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /[{[]\s*$/.test(line) ? `${indent}  ` : indent;
}
