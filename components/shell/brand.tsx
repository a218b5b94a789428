/** The mark: a baton handed from one to the next. It takes the colour of the text around it. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <rect x="1" y="1" width="22" height="22" rx="6.5" fill="var(--mantine-color-accent-6)" />
      <path d="M6.4 15.2 13 8.6" stroke="white" strokeWidth="2.6" strokeLinecap="round" />
      <path d="m11 15.4 6.6-6.6" stroke="white" strokeOpacity=".55" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
