/** Who lives in the demo. Passwords are random for each installation; `npm start` makes, keeps and prints them. */
export type DemoAccount = {
  readonly username: string;
  readonly name: string;
  readonly role: "member" | "author" | "manager" | "admin";
  /** What they do, for whoever picks one of them to sign in as. */
  readonly title: string;
  /** Username of the person they report to. */
  readonly manager: string | null;
};

const account = (username: string, name: string, rest: Omit<DemoAccount, "username" | "name">): DemoAccount => ({
  username,
  name,
  ...rest,
});

/** In the order in which the sign-in page and the terminal show them; a manager comes before those who report to them. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account("omar", "Omar Haddad", { role: "admin", title: "Operations", manager: null }),
  account("nora", "Nora Lindqvist", { role: "manager", title: "Managing director", manager: null }),
  account("ines", "Inês Duarte", { role: "author", title: "Process author", manager: "omar" }),
  account("ruth", "Ruth Adler", { role: "member", title: "Head of HR", manager: "nora" }),
  account("tomas", "Tomáš Novák", { role: "member", title: "HR", manager: "ruth" }),
  account("priya", "Priya Raman", { role: "member", title: "Head of IT", manager: "nora" }),
  account("jonas", "Jonas Weber", { role: "member", title: "IT support", manager: "priya" }),
  account("fatou", "Fatou Diallo", { role: "member", title: "Facilities", manager: "nora" }),
  account("mei", "Mei Tanaka", { role: "member", title: "Head of engineering", manager: "nora" }),
  account("sam", "Sam Kowalski", { role: "member", title: "Engineer", manager: "mei" }),
  account("carla", "Carla Mendes", { role: "member", title: "Head of customer success", manager: "nora" }),
  account("david", "David Osei", { role: "member", title: "Customer success", manager: "carla" }),
  account("hannah", "Hannah Berg", { role: "member", title: "Head of finance", manager: "nora" }),
  account("yusuf", "Yusuf Demir", { role: "member", title: "Finance", manager: "hannah" }),
  account("elena", "Elena Petrova", { role: "member", title: "Head of sales", manager: "nora" }),
  account("luca", "Luca Moretti", { role: "member", title: "Sales", manager: "elena" }),
];
