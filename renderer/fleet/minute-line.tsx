/** Pixels. */
const WIDTH = 136
const HEIGHT = 22

/** The last hour of a number, a minute a point. Only to be looked at: the number stands beside it. */
export function MinuteLine({ minutes, isGone }: { minutes: readonly number[]; isGone: boolean }) {
  const most = Math.max(1, ...minutes)
  const points = minutes.map((value, at) => {
    const x = minutes.length < 2 ? 0 : (at / (minutes.length - 1)) * WIDTH
    return `${x.toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 4)).toFixed(1)}`
  })
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden className="min-w-0 shrink overflow-visible">
      {points.length > 1 && (
        <polyline
          points={points.join(' ')}
          fill="none"
          strokeWidth={1.5}
          className={isGone ? 'stroke-ink-faint' : 'stroke-accent'}
        />
      )}
    </svg>
  )
}
