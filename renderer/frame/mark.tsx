/** Hookline's mark: a hook on its line. Decoration; the name stands beside or behind it. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="#0a6579" />
      <g stroke="#fff" strokeLinecap="round" strokeLinejoin="round">
        <path d="M14.75 8.25v5.5a3.9 3.9 0 0 1-7.8 0V11.5l2.4 2.4" strokeWidth="1.9" />
        <circle cx="14.75" cy="6.2" r="1.75" strokeWidth="1.6" />
      </g>
    </svg>
  )
}
