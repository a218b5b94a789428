import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @type {import("next").NextConfig}
 *
 * `NEXT_DIST_DIR` lets a second build or a second `next dev` live beside the first in one working tree.
 */
const config = {
  distDir: process.env.NEXT_DIST_DIR || ".next",
  poweredByHeader: false,
  images: { unoptimized: true },
  // `npm run check` holds the types; whoever starts Baton need not wait for that.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: dirname(fileURLToPath(import.meta.url)) },
  // What holds native code, worker threads or state of its own is required at run time, never bundled.
  serverExternalPackages: ["@node-rs/argon2", "nodemailer", "pino", "postal-mime", "postgres", "smtp-server"],
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  experimental: {
    optimizePackageImports: [
      "@mantine/core",
      "@mantine/dates",
      "@mantine/form",
      "@mantine/hooks",
      "@mantine/modals",
      "@mantine/notifications",
      "@tabler/icons-react",
    ],
    // `lib/action.ts` answers what is over 1 MB with a sentence; Next would answer 500.
    serverActions: { bodySizeLimit: "4mb" },
  },
};

export default config;
