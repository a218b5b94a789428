/** What Playwright switches off itself, in so far as a page could notice; Chromium hears only the last list that it is given. */
const AS_PLAYWRIGHT = [
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];
/** Pages of Chromium's own address bar, which nobody sees here and each new window loads anew: half of all that a blank page costs. */
const ADDRESS_BAR = ["AimEnabled", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup"];
/** With it, a page that is closed while it goes to another one is sometimes never closed, and whoever waits for that waits for ever. */
const NEVER_CLOSES = ["RenderDocument"];

export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...AS_PLAYWRIGHT, ...ADDRESS_BAR, ...NEVER_CLOSES].join(",")}`,
];
