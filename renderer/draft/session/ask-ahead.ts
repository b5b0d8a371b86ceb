/** Answers that are asked for before whoever needs them is there. */
export type Ahead<Answer> = {
  /** Asks, unless the last that was asked for is this one and still good. */
  ask(id: string): void
  /** The answer as it would be now: the one that was asked for ahead, once, or else a new one. */
  take(id: string): Promise<Answer>
}

/** `onStale` calls back when an answer may be another by now, until the function that it returns is called. */
export function askAhead<Answer>(
  get: (id: string) => Promise<Answer>,
  onStale: (id: string, forget: () => void) => () => void,
): Ahead<Answer> {
  let asked: { readonly id: string; readonly answer: Promise<Answer>; forget(): void } | null = null
  return {
    ask(id) {
      if (asked?.id === id) return
      asked?.forget()
      const forget = (): void => {
        stop()
        if (asked?.answer === answer) asked = null
      }
      const stop = onStale(id, forget)
      const answer = get(id)
      asked = { id, answer, forget }
      // Who takes it hears of it; who comes later asks again.
      answer.catch(forget)
    },
    take(id) {
      if (asked?.id !== id) return get(id)
      const { answer, forget } = asked
      forget()
      return answer
    },
  }
}
