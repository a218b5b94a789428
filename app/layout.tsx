import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles.layer.css";
import "@mantine/dates/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@/components/ui/global.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { Providers } from "@/components/ui/providers";
import { now } from "@/lib/clock";

export const metadata: Metadata = {
  title: { default: "Baton", template: "%s · Baton" },
  description: "Work that crosses many people and many days, in one self-hosted portal.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  colorScheme: "light dark",
};

/** No page is static: a static page's scripts would carry no nonce and the page would never come alive under our CSP. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const nonce = (await headers()).get("x-nonce") ?? "";
  const renderedAt = now().toISOString();
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" />
      </head>
      <body data-rendered-at={renderedAt}>
        <Providers nonce={nonce} now={renderedAt}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
