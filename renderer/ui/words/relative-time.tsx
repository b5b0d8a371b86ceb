import { useEffect, useState } from 'react'
import { Tooltip } from '../layers/tooltip.tsx'
import { formatRelative, relativeTick } from './duration.ts'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A time in this computer's zone and manner, to the second. */
function formatAbsolute(iso: string): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? iso : absolute.format(at)
}

/**
 * A time as the distance from now, which keeps itself true; the absolute time shows on hover. `due` is for what is to happen:
 * when its time has come it reads "now" until it does.
 */
export function RelativeTime({
  iso,
  due = false,
  className = 'whitespace-nowrap tabular-nums',
}: {
  iso: string
  due?: boolean
  className?: string
}) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), relativeTick(iso, now))
    return () => clearTimeout(timer)
  }, [iso, now])
  // `iso` may have changed to something newer than the last tick.
  const shownAt = Math.max(now, Date.now())
  return (
    <Tooltip content={formatAbsolute(iso)}>
      <time dateTime={iso} className={className}>
        {due && Date.parse(iso) <= shownAt ? 'now' : formatRelative(iso, shownAt)}
      </time>
    </Tooltip>
  )
}
