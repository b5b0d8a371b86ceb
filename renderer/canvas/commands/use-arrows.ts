import type { ActionId } from '../../commands/actions.ts'
import { nudge, resizeByNudge } from '../../draft/layout/nudge.ts'
import { type Direction, walkTo } from '../../draft/layout/walk-steps.ts'
import { isAnnotation } from '../../draft/operations/annotations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'

const VERBS = ['walk', 'extend', 'move', 'resize'] as const
const DIRECTIONS = ['up', 'down', 'left', 'right'] as const

/** What arrow keys do. */
export type ArrowAction = `${(typeof VERBS)[number]}-${Direction}` & ActionId

export function isArrowAction(action: ActionId): action is ArrowAction {
  return VERBS.some((verb) => DIRECTIONS.some((direction) => action === `${verb}-${direction}`))
}

/** Walking, selecting, moving and resizing with the arrow keys. `here` is what has the focus, or else what is selected. */
export function useArrows(reveal: (id: string) => void): (action: ArrowAction, here: string | null) => boolean {
  const store = useDraftStore()
  return (action, here) => {
    const { history, selected, marked, select, selectOne, change } = store.getState()
    const verb = VERBS.find((one) => action.startsWith(one))
    const way = DIRECTIONS.find((one) => action.endsWith(`-${one}`))
    if (!way) return false
    switch (verb) {
      case 'walk':
      case 'extend': {
        const next = walkTo(history.present, here, way)
        if (next === null) return true
        if (verb === 'walk') selectOne(next)
        else {
          const all = new Set([...selected, ...marked, ...(here === null ? [] : [here]), next])
          select(
            [...all].filter((id) => !isAnnotation(id)),
            [...all].filter(isAnnotation),
          )
        }
        reveal(next)
        return true
      }
      // Holding the key is one step of undo, as typing is.
      case 'move':
        change((zap) => nudge(zap, selected, marked, way), `move ${[...selected, ...marked].join(' ')}`)
        if (here !== null) reveal(here)
        return selected.length + marked.length > 0
      case 'resize':
        change((zap) => resizeByNudge(zap, marked, way), `resize ${marked.join(' ')}`)
        return marked.length > 0
      default:
        return false
    }
  }
}
