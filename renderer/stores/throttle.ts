/**
 * A function that runs `work` at once, and then at most once every `ms` milliseconds; calls in between become one at the
 * end, so that the last change is never missed.
 */
export function throttle(ms: number, work: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | null = null
  return () => {
    if (timer !== null) return
    const wait = last + ms - Date.now()
    if (wait <= 0) {
      last = Date.now()
      work()
      return
    }
    timer = setTimeout(() => {
      timer = null
      last = Date.now()
      work()
    }, wait)
  }
}
