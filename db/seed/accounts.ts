/** Who lives in the demo. Passwords are random for each installation; `npm start` makes, keeps and prints them. */
export type DemoAccount = {
  readonly username: string;
  readonly name: string;
  readonly role: "member" | "author" | "manager" | "admin";
};

/** In the order in which the sign-in page and the terminal show them. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [];
