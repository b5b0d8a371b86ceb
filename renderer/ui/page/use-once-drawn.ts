import { useCallback, useEffect, useState } from 'react'

/**
 * Runs something, as giving the focus to a field, once all that was set in the same turn is in the document. The next frame is no
 * such moment: React may draw after it what was set behind an `await`.
 */
export function useOnceDrawn(): (act: () => void) => void {
  const [next, setNext] = useState<{ act(): void } | null>(null)
  useEffect(() => next?.act(), [next])
  return useCallback((act) => setNext({ act }), [])
}
