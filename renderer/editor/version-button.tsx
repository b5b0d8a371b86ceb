import { GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import { THIS_ZAP_GROUP, usePaletteEntries } from '../commands/palette-store.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { Button } from '../ui/controls/button.tsx'
import { Tooltip } from '../ui/layers/tooltip.tsx'
import { VersionsDialog } from '../versions/versions-dialog.tsx'

/** Which version is live and whether the draft differs from it; opens what changed. Nothing before the first version. */
export function VersionButton() {
  const live = useDraft((state) => state.host.liveVersion)
  const differs = useDraft((state) => state.host.draftDiffers)
  const name = useDraft((state) => state.host.live?.name ?? null)
  const [isOpen, setOpen] = useState(false)
  usePaletteEntries(() =>
    live === null
      ? []
      : [
          {
            id: 'versions',
            group: THIS_ZAP_GROUP,
            title: 'Versions and what changed',
            icon: GitCompareArrows,
            words: 'history diff restore',
            run: () => setOpen(true),
          },
        ],
  )
  if (live === null) return null
  return (
    <>
      <Tooltip
        content={`${name === null ? '' : `“${name}”. `}${differs ? 'The draft has changes that are not published' : 'The draft is what is live'}`}
      >
        <Button size="sm" variant="ghost" onClick={() => setOpen(true)}>
          <span className="sr-only">Versions: </span>v{live}
          {differs && <span className="ml-1 text-waiting">edited</span>}
        </Button>
      </Tooltip>
      {isOpen && <VersionsDialog onClose={() => setOpen(false)} />}
    </>
  )
}
