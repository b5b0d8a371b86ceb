import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { useConnection } from '../api/connection.ts'
import { onAppEvent } from '../api/events.ts'
import { navigate } from '../commands/hash-location.ts'
import { useAppearance } from '../stores/appearance.ts'
import { toast } from '../ui/layers/toast.tsx'
import { ImportDialog } from '../zaps/import-dialog.tsx'
import type { ZapText } from '../zaps/read-zap-files.ts'

/**
 * Shows what was opened with the desktop app from outside: a link leads to its screen, a zap file to the review before its import, and what
 * cannot be opened is told. Nothing is done unasked. The app also learns here which theme its windows are to have.
 */
export function OpenedFromOutside() {
  const isConnected = useConnection(({ state }) => state === 'open')
  const theme = useAppearance((appearance) => appearance.theme)
  const [texts, setTexts] = useState<readonly ZapText[]>([])

  useEffect(() => {
    if (!isConnected) return
    const take = async (): Promise<void> => {
      const files: ZapText[] = []
      for (const opened of await api.shell.takeOpened()) {
        if (opened.kind === 'screen') navigate(opened.path)
        else if (opened.kind === 'refused') toast({ title: opened.message, tone: 'error' })
        else files.push({ file: opened.file, text: opened.text })
      }
      if (files.length > 0) setTexts((before) => [...before, ...files])
    }
    const takeQuietly = (): void => void take().catch(() => undefined)
    takeQuietly()
    return onAppEvent((event) => {
      if (event.type === 'shell') takeQuietly()
    })
  }, [isConnected])

  useEffect(() => {
    if (isConnected) void api.shell.setTheme({ theme }).catch(() => undefined)
  }, [isConnected, theme])

  if (texts.length === 0) return null
  // Another file that is opened meanwhile makes the dialog read all of them anew.
  return <ImportDialog key={texts.length} texts={texts} onClose={() => setTexts([])} />
}
