import { Notification } from 'electron'
import type { Log, Notifier } from '../../core/app.ts'

/** Shows notifications of the system; a click on one brings the window back. */
export function createNotifier(log: Log, showWindow: () => void): Notifier {
  return {
    async show({ title, body = '' }) {
      if (!Notification.isSupported()) {
        log.info(`Notification: ${title}`)
        return false
      }
      const notification = new Notification({ title, body })
      notification.on('click', showWindow)
      notification.show()
      return true
    },
  }
}
