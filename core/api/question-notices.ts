import type { Notices } from '../domain/host/adapters.ts'
import type { Clock } from '../domain/time/clock.ts'

const MINUTE_MS = 60_000
/** Questions that are shown one by one within a minute. */
const ONE_BY_ONE = 3

/**
 * Notices of which the questions of runs never flood a person: a few a minute are shown as they come, with their answers; how many there are besides is
 * said when the minute is over. All of them stand on the page of approvals at once.
 */
export function createQuestionNotices(
  notices: Notices,
  clock: Clock,
): Notices & {
  /** Shows nothing more of what was held back. */
  stop(): void
} {
  let shown = 0
  let heldBack = 0
  let cancel: (() => void) | null = null

  function minuteOver(): void {
    const more = heldBack
    cancel = null
    shown = 0
    heldBack = 0
    if (more === 0) return
    begin()
    const title = more === 1 ? 'One more question waits for your answer' : `${more} more questions wait for your answer`
    // What cannot be shown was logged.
    notices.show({ title, opens: '/approvals' }).catch(() => undefined)
  }

  function begin(): void {
    cancel ??= clock.after(MINUTE_MS, minuteOver)
    shown++
  }

  const shownOn: Notices['shownOn'] = async (notice) => {
    if (notice.asks === undefined) return notices.shownOn(notice)
    if (shown >= ONE_BY_ONE) {
      heldBack++
      return []
    }
    begin()
    return notices.shownOn(notice)
  }
  return {
    shownOn,
    show: async (notice) => (await shownOn(notice)).length > 0,
    stop() {
      cancel?.()
      heldBack = 0
    },
  }
}
