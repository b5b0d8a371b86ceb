import { Notification } from 'electron'
import type { Log, Notice, Notifier } from '../../core/app.ts'

/** Notifications that stay within reach at most: where a system says nothing of one that a person has put away, it would stay for ever. */
const MOST_KEPT = 50

/** Answers that a notification offers at most: macOS and Windows show no more without a menu. */
const MOST_ANSWERS = 2

/** Milliseconds in which a system says that it cannot show one. */
const FAILURE_MS = 2_000

/** What a person does at a notification. */
export type NoticeActs = {
  /** Brings the window up, with a screen where one is named. */
  open(path: string | undefined): void
  /** Answers the question of a run. */
  answer(question: NonNullable<Notice['asks']>, answer: string): void
}

/**
 * Shows notifications of the system. A click leads to what each is about, and a question with plain answers can be answered there, where
 * the system has buttons for that. Each is kept as long as it may be clicked: one without a reference is collected as garbage.
 */
export function createNotifier(log: Log, acts: NoticeActs): Notifier {
  const kept = new Set<Notification>()
  const forget = (notification: Notification): void => void kept.delete(notification)
  return {
    async show({ title, body = '', opens, asks }) {
      if (!Notification.isSupported()) {
        log.info(`Notification: ${title}`)
        return false
      }
      const answers = asks?.answers ?? []
      // All of them or none: those that are left out would seem not to be there.
      const offered = answers.length <= MOST_ANSWERS ? answers : []
      const actions = offered.map(({ label }) => ({ type: 'button' as const, text: label }))
      const notification = new Notification({ title, body, ...(actions.length > 0 ? { actions } : {}) })
      kept.add(notification)
      for (const oldest of [...kept].slice(0, -MOST_KEPT)) forget(oldest)
      notification.on('click', () => {
        forget(notification)
        acts.open(opens)
      })
      notification.on('action', ({ actionIndex }) => {
        forget(notification)
        const answer = offered[actionIndex]
        if (answer !== undefined && asks !== undefined) acts.answer(asks, answer.id)
      })
      notification.on('close', () => forget(notification))
      const shown = Promise.withResolvers<boolean>()
      notification.on('show', () => shown.resolve(true))
      notification.on('failed', (_event, error) => {
        forget(notification)
        log.warn('A notification could not be shown.', { error })
        shown.resolve(false)
      })
      notification.show()
      // Some systems say nothing of one that is there.
      const patience = setTimeout(() => shown.resolve(true), FAILURE_MS)
      try {
        return await shown.promise
      } finally {
        clearTimeout(patience)
      }
    },
  }
}
