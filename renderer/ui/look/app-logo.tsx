/** The picture of an app on a neutral tile, or its first letter where it has none. Decoration; the name stands beside it. */
export function AppLogo({ icon, title, size }: { icon: string; title: string; size: number }) {
  const glyph = Math.round(size * 0.57)
  return (
    <span
      aria-hidden
      style={{ width: size, height: size, borderRadius: size >= 24 ? 6 : 4 }}
      className="inline-flex shrink-0 items-center justify-center bg-sunken inset-ring inset-ring-line"
    >
      {icon.startsWith('data:') ? (
        <img src={icon} alt="" width={glyph} height={glyph} draggable={false} loading="lazy" />
      ) : (
        <span className="font-semibold text-ink-soft" style={{ fontSize: glyph * 0.8 }}>
          {title.slice(0, 1).toUpperCase()}
        </span>
      )}
    </span>
  )
}
