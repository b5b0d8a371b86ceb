import { create } from 'zustand'

/** A line of a step's code that was asked for, until the code is shown there. */
const useStore = create<{ wanted: { readonly stepId: string; readonly line: number } | null }>(() => ({ wanted: null }))

/** The line that was asked for in the code of a step; null when none was. */
export function useCodePlace(stepId: string): number | null {
  return useStore(({ wanted }) => (wanted?.stepId === stepId ? wanted.line : null))
}

/** Asks the code of a step to show a line. */
export function showCodeLine(stepId: string, line: number): void {
  useStore.setState({ wanted: { stepId, line } })
}

/** The line that was asked for is shown. */
export function takeCodePlace(): void {
  useStore.setState({ wanted: null })
}
