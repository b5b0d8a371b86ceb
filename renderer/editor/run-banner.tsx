import { X } from 'lucide-react'
import { Link } from 'wouter'
import { IconButton } from '../ui/button.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useDraft } from './draft-store.ts'

/** Says that the canvas shows a run, leads to it, and takes its marks away again. */
export function RunBanner() {
  const run = useDraft((state) => state.run?.run ?? null)
  const setRun = useDraft((state) => state.setRun)
  if (!run) return null
  return (
    <div className="absolute top-3 left-3 z-10 flex animate-fade items-center gap-2 rounded-full bg-raised py-1 pr-1 pl-1.5 text-sm shadow-float">
      <StatusBadge status={run.status} />
      <Link href={`/runs/${run.id}`} className="rounded-sm font-medium text-accent hover:underline">
        Open run
      </Link>
      <IconButton icon={X} size="sm" label="Hide the run" className="rounded-full!" onClick={() => setRun(null)} />
    </div>
  )
}
