import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openMailTarget } from "./kill/mail-target";
import type { Outside } from "./scenario";

/** What commands reach beside the database: a system that answers every call the same, and a mail server that takes every mail. */
export async function openOutside(): Promise<Outside & { readonly close: () => Promise<void> }> {
  const mail = await openMailTarget();
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end('{"result":"made"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    httpUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    smtpUrl: mail.url,
    async close() {
      server.closeAllConnections();
      await Promise.all([mail.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
