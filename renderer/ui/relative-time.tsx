import { useEffect, useState } from 'react'
import { formatRelative, relativeTick } from './duration.ts'
import { Tooltip } from './tooltip.tsx'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A time in this computer's zone and manner, to the second. */
export function formatAbsolute(iso: string): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? iso : absolute.format(at)
}

/** A time as the distance from now, which keeps itself true; the absolute time shows on hover. */
export function RelativeTime({ iso, className }: { iso: string; className?: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), relativeTick(iso, now))
    return () => clearTimeout(timer)
  }, [iso, now])
  return (
    <Tooltip content={formatAbsolute(iso)}>
      <time dateTime={iso} className={className ?? 'whitespace-nowrap tabular-nums'}>
        {formatRelative(iso, Math.max(now, Date.now()))}
      </time>
    </Tooltip>
  )
}
