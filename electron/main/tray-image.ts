import pictures from './tray-pictures.json' with { type: 'json' }

export type TrayState = 'normal' | 'paused' | 'attention'

/** A picture for the tray at its usual size and twice as fine. macOS draws a template in the colour of its menu bar. */
export function trayImage(
  state: TrayState,
  platform: NodeJS.Platform,
): { readonly url: string; readonly url2x: string; readonly isTemplate: boolean } {
  const isTemplate = platform === 'darwin'
  const { x1, x2 } = pictures[isTemplate ? 'template' : 'colour'][state]
  const url = (base64: string): string => `data:image/png;base64,${base64}`
  return { url: url(x1), url2x: url(x2), isTemplate }
}
