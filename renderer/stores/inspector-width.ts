import { create } from 'zustand'
import { keep, readKept } from './kept.ts'

/** Pixels that a column may have: what it has at first, and between what it can be drawn. */
export const COLUMNS = {
  /** The form beside the canvas. */
  form: { usual: 360, least: 320, most: 560 },
  /** What a step may read, in the wide form. */
  input: { usual: 300, least: 220, most: 480 },
  /** What a step returned, there. */
  output: { usual: 336, least: 240, most: 560 },
} as const
export type Column = keyof typeof COLUMNS

type Widths = Readonly<Record<Column, number>>

/** How much room the form of a step has. What a person chose is kept in this browser or window. */
const useStore = create<{ isWide: boolean; prefersWide: boolean; widths: Widths }>(() => ({
  isWide: false,
  prefersWide: readKept('wide-inspector') === 'yes',
  widths: parseWidths(readKept('inspector-widths')),
}))

/** Whether the form lies wide over the canvas, between what the step reads and what it returned. */
export function useIsWide(): boolean {
  return useStore(({ isWide }) => isWide)
}

export function useWidth(column: Column): number {
  return useStore(({ widths }) => widths[column])
}

/** Shows forms wide, now and when one is opened. */
export function widen(): void {
  useStore.setState({ isWide: true, prefersWide: true })
  keep('wide-inspector', 'yes')
}

/** Shows forms beside the canvas, now and when one is opened. */
export function narrow(): void {
  useStore.setState({ isWide: false, prefersWide: false })
  keep('wide-inspector', 'no')
}

/** Leaves the wide form; the next one that is opened is as this was. */
export function closeWide(): void {
  useStore.setState({ isWide: false })
}

/** Opens the form as it was chosen last. */
export function openAsKept(): void {
  if (useStore.getState().prefersWide) useStore.setState({ isWide: true })
}

/** Sets the width of a column, as far as it can have it. */
export function setWidth(column: Column, pixels: number): void {
  const widths = { ...useStore.getState().widths, [column]: within(column, pixels) }
  useStore.setState({ widths })
  keep('inspector-widths', JSON.stringify(widths))
}

/** Reads what was kept. What is no width counts as the usual one. */
export function parseWidths(text: string | null): Widths {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '{}')
  } catch {
    kept = {}
  }
  const width = (column: Column): number => {
    const pixels = typeof kept === 'object' && kept !== null && column in kept ? Reflect.get(kept, column) : undefined
    return typeof pixels === 'number' && Number.isFinite(pixels) ? within(column, pixels) : COLUMNS[column].usual
  }
  return { form: width('form'), input: width('input'), output: width('output') }
}

function within(column: Column, pixels: number): number {
  const { least, most } = COLUMNS[column]
  return Math.round(Math.min(most, Math.max(least, pixels)))
}
