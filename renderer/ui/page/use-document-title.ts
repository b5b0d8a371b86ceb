import { useEffect } from 'react'

/** Names the window after the screen that it shows, for tabs, window switchers and screen readers. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Hookline`
    return () => {
      document.title = 'Hookline'
    }
  }, [title])
}
