import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/**
 * The one theme. Ink on paper and one accent; every text reaches 4.5 : 1 in light and dark. Change the accent here, or by
 * overriding `--mantine-color-accent-0…9`.
 */
const accent: MantineColorsTuple = [
  "#eef0ff",
  "#dfe2ff",
  "#c3c8fd",
  "#a2a8f8",
  "#8186f0",
  "#666ae6",
  "#5053d6",
  "#4143b8",
  "#353794",
  "#2a2c74",
];
const gray: MantineColorsTuple = [
  "#f8f9fb",
  "#f1f2f6",
  "#e8eaef",
  "#dde0e7",
  "#cacfd9",
  "#a4abb8",
  "#626a79",
  "#4a5160",
  "#2f3541",
  "#191d26",
];
const dark: MantineColorsTuple = [
  "#e3e5ea",
  "#c2c6cf",
  "#9ba1ae",
  "#757b89",
  "#343842",
  "#2a2d36",
  "#202329",
  "#17191e",
  "#111317",
  "#0b0c0f",
];
const red: MantineColorsTuple = [
  "#fff1f0",
  "#ffe0de",
  "#ffc2bf",
  "#ff9a95",
  "#fa736d",
  "#ec4b45",
  "#cf2f2b",
  "#b32622",
  "#93201d",
  "#73191a",
];
const orange: MantineColorsTuple = [
  "#fff5e8",
  "#ffe8cb",
  "#ffd19a",
  "#ffb663",
  "#fb9a3a",
  "#e57b17",
  "#b45309",
  "#9a4508",
  "#7f3a0b",
  "#65300d",
];
const teal: MantineColorsTuple = [
  "#e9f9f2",
  "#cff1e1",
  "#a3e3c6",
  "#70d0a8",
  "#43b98a",
  "#239c6e",
  "#12805a",
  "#0d6a4b",
  "#0c573f",
  "#0a4533",
];
const blue: MantineColorsTuple = [
  "#ecf5ff",
  "#d6e8ff",
  "#aed2ff",
  "#82b9fd",
  "#5a9ff6",
  "#3a86ea",
  "#1f6acb",
  "#1857a9",
  "#164989",
  "#143b6d",
];

const OURS: ReadonlySet<string> = new Set(["accent", "red", "orange", "teal", "green", "blue"]);

/** Tinted variants read dark on pale by day and pale on dark by night, so that badges and quiet buttons are legible in both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input);
  const name = (input.color ?? input.theme.primaryColor).split(".")[0] ?? "gray";
  if (!(name in input.theme.colors)) return usual;
  if (name === "gray" || name === "dark") {
    return input.variant === "light"
      ? {
          ...usual,
          background: "var(--baton-fill)",
          hover: "var(--baton-fill-hover)",
          color: "var(--mantine-color-text)",
        }
      : usual;
  }
  // Mantine's own palettes (initials of avatars use them) are too pale for text even at their darkest.
  const ink = OURS.has(name)
    ? `var(--mantine-color-${name}-8)`
    : `color-mix(in srgb, var(--mantine-color-${name}-9) 60%, black)`;
  const color = `light-dark(${ink}, var(--mantine-color-${name}-2))`;
  if (input.variant === "light") {
    const tint = (share: number) =>
      `light-dark(var(--mantine-color-${name}-${share > 20 ? 1 : 0}), color-mix(in srgb, var(--mantine-color-${name}-5) ${share}%, transparent))`;
    return { ...usual, color, background: tint(18), hover: tint(26) };
  }
  return ["subtle", "transparent", "outline"].includes(input.variant) ? { ...usual, color } : usual;
};

export const theme = createTheme({
  colors: { accent, gray, dark, red, orange, teal, green: teal, blue },
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  variantColorResolver,
  fontFamily: '"Inter Variable", ui-sans-serif, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SFMono-Regular", "Cascadia Code", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.1875rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
      h4: { fontSize: "0.875rem", lineHeight: "1.45" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Badge: {
      defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 },
      vars: () => ({ root: { "--badge-fz": "0.75rem" } }),
    },
    Button: { defaultProps: { size: "sm" } },
    Card: { defaultProps: { withBorder: true, radius: "lg" } },
    Paper: { defaultProps: { radius: "lg" } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Modal: {
      styles: { title: { fontWeight: 600 } },
      defaultProps: { radius: "lg", centered: true, closeButtonProps: { "aria-label": "Close" } },
    },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        withArrow: false,
        color: "dark",
        events: { hover: true, focus: true, touch: false },
      },
    },
    Menu: { defaultProps: { shadow: "md", radius: "md" } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
    Table: { defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md" } },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 4 } } },
    Loader: { defaultProps: { type: "oval" } },
  },
});

/** What Mantine has no name for: surfaces of the rail and the panes, hairlines, quiet fills. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--baton-rail-width": "240px" },
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#191d26",
    "--mantine-color-error": "var(--mantine-color-red-6)",
    "--mantine-color-default-border": "var(--mantine-color-gray-3)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-6)",
    "--baton-rail": "var(--mantine-color-gray-0)",
    "--baton-line": "var(--mantine-color-gray-2)",
    "--baton-fill": "var(--mantine-color-gray-1)",
    "--baton-fill-hover": "var(--mantine-color-gray-2)",
    "--baton-chosen": "var(--mantine-color-accent-0)",
  },
  dark: {
    "--mantine-color-body": "var(--mantine-color-dark-7)",
    "--mantine-color-text": "var(--mantine-color-dark-0)",
    "--mantine-color-error": "var(--mantine-color-red-3)",
    "--mantine-color-anchor": "var(--mantine-color-accent-3)",
    "--mantine-color-default-border": "var(--mantine-color-dark-4)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--baton-rail": "var(--mantine-color-dark-8)",
    "--baton-line": "#262931",
    "--baton-fill": "var(--mantine-color-dark-6)",
    "--baton-fill-hover": "var(--mantine-color-dark-5)",
    "--baton-chosen": "#24263c",
  },
});
