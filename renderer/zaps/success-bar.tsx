import { Tooltip } from '../ui/layers/tooltip.tsx'
import { successShare } from './success-share.ts'

/** How the runs of the last 24 hours ended: a bar of two parts, with the number beside it. */
export function SuccessBar({ counts }: { counts: { succeeded: number; failed: number } }) {
  const share = successShare(counts)
  if (share === null) return <span className="text-sm text-ink-faint">None ended</span>
  const words = `${counts.succeeded.toLocaleString()} succeeded, ${counts.failed.toLocaleString()} failed in 24 hours`
  return (
    <Tooltip content={words}>
      <span className="inline-flex items-center gap-2 align-middle">
        <span role="img" aria-label={words} className="flex h-1.5 w-14 gap-px overflow-hidden rounded-full">
          {share.succeeded > 0 && <span className="bg-success" style={{ width: `${share.succeeded}%` }} />}
          {share.failed > 0 && <span className="bg-error" style={{ width: `${share.failed}%` }} />}
        </span>
        <span className="text-sm text-ink-soft tabular-nums">{share.words}</span>
      </span>
    </Tooltip>
  )
}
