import type { ZapDetail } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { type Ahead, askAhead } from './ask-ahead.ts'

/** Zaps that are about to be opened: asked for while the editor's code is still on its way. */
export const openingZap: Ahead<ZapDetail> = askAhead(
  (id) => api.zaps.get({ id }),
  (id, forget) => {
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'zaps' && event.ids.includes(id)) forget()
    })
    const stopResumed = onResumed(forget)
    return () => {
      stopEvents()
      stopResumed()
    }
  },
)
