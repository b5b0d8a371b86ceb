import { useEffect, useRef, useState } from 'react'
import { useDraftStore } from '../draft/session/draft-store.ts'
import { useConnectors } from '../queries/connectors.ts'
import { announcementOf } from './announcements.ts'

/** Milliseconds without a change after which the change is announced: while a key is held, only where it ended. */
const QUIET_MS = 200

/** Tells a screen reader what has changed on the canvas, by mouse, keys or undo. */
export function CanvasAnnouncer() {
  const store = useDraftStore()
  const connectors = useConnectors()
  const told = useRef(store.getState().history)
  const [words, setWords] = useState('')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (): void => {
      const { history } = store.getState()
      const said = announcementOf(told.current, history, connectors)
      told.current = history
      // A text that stays the same is not read again: a space without width makes it another.
      if (said !== null) setWords((last) => (last === said ? `${said}\u200b` : said))
    }
    const stop = store.subscribe((state, before) => {
      if (state.history.present === before.history.present) return
      clearTimeout(timer)
      timer = setTimeout(tell, QUIET_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store, connectors])
  return (
    <p aria-live="polite" aria-atomic data-announcer className="sr-only">
      {words}
    </p>
  )
}
