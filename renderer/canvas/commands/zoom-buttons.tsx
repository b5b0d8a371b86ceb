import { useReactFlow, useStore } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import type { Chord } from '../../commands/chord.ts'
import { IconButton } from '../../ui/controls/button.tsx'

/** Nearer, farther, everything: of every canvas. `keys` says which do the same, where any do. */
export function ZoomButtons({
  keys = {},
  onFit,
}: {
  keys?: { readonly in?: Chord | undefined; readonly out?: Chord | undefined; readonly fit?: Chord | undefined }
  onFit(): void
}) {
  const flow = useReactFlow()
  return (
    <>
      <IconButton
        icon={Minus}
        label="Zoom out"
        shortcut={keys.out}
        tooltipSide="top"
        onClick={() => void flow.zoomOut({ duration: 120 })}
      />
      <ZoomButton />
      <IconButton
        icon={Plus}
        label="Zoom in"
        shortcut={keys.in}
        tooltipSide="top"
        onClick={() => void flow.zoomIn({ duration: 120 })}
      />
      <IconButton icon={Maximize} label="Fit everything" shortcut={keys.fit} tooltipSide="top" onClick={onFit} />
    </>
  )
}

// By itself, so that zooming draws it again and not the whole toolbar.
function ZoomButton() {
  const flow = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <button
      type="button"
      aria-label={`Zoom is ${zoom} %. Show at 100 %`}
      className="h-8 w-11 rounded text-sm text-ink-soft tabular-nums hover:bg-hover"
      onClick={() => void flow.zoomTo(1, { duration: 120 })}
    >
      {zoom} %
    </button>
  )
}
