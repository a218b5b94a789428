import { setRecordListener } from "../../db/transaction";
import { registerAction } from "../interviews/action-registry";
import { sendEmail } from "../notify/send-email";
import { react } from "../runs/react";
import { startFromFlow } from "../runs/start-from-flow";

/** Fills the ports that let lower rooms reach higher ones without knowing them. Called once by every process: web, worker, commands, tests. */
export function wire(): void {
  setRecordListener(react);
  registerAction("send_email", sendEmail);
  registerAction("start_orchestration", startFromFlow);
}
