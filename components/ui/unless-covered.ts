/**
 * Closes a dialog, but not while another one lies over it: Escape reaches both, and is meant for the upper one alone. For dialogs that
 * open others.
 */
export const unlessCovered = (close: () => void) => (): void => {
  if (document.querySelectorAll('[role="dialog"][aria-modal="true"]').length <= 1) close();
};
