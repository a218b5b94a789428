"use client";

import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Clock } from "./clock";
import { cssVariables, theme } from "./theme";

/** What every page stands in. `nonce` is the request's, for the styles that Mantine writes; `now` the server's clock at rendering. */
export function Providers({ nonce, now, children }: { nonce: string; now: string; children: ReactNode }) {
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Clock now={now} timeZone={null}>
          <ModalsProvider labels={{ confirm: "Confirm", cancel: "Cancel" }}>
            <Notifications position="top-center" limit={4} autoClose={6_000} containerWidth={420} />
            {children}
          </ModalsProvider>
        </Clock>
      </MantineProvider>
    </QueryClientProvider>
  );
}

/** Nothing is fetched because a window got the focus: the stream says what changed (portal E2). */
const makeClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: 2, refetchOnWindowFocus: false, refetchOnReconnect: true } } });
