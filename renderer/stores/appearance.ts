import { create } from 'zustand'
import { keep, readKept } from './kept.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** As the system prefers it, or more in any case. */
export const CONTRASTS = ['system', 'more'] as const
export type Contrast = (typeof CONTRASTS)[number]

export const useAppearance = create<{ theme: Theme; contrast: Contrast }>(() => ({
  theme: 'system',
  contrast: 'system',
}))

/** Applies what was chosen last, and follows the system from then on. Before the first paint, so that nothing flashes. */
export function restoreAppearance(): void {
  const theme = readKept('theme')
  const contrast = readKept('contrast')
  setTheme(THEMES.find((one) => one === theme) ?? 'system')
  setContrast(CONTRASTS.find((one) => one === contrast) ?? 'system')
  wantsContrast.addEventListener('change', showContrast)
}

export function setTheme(theme: Theme): void {
  useAppearance.setState({ theme })
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  keep('theme', theme)
}

export function setContrast(contrast: Contrast): void {
  useAppearance.setState({ contrast })
  showContrast()
  keep('contrast', contrast)
}

const wantsContrast = window.matchMedia('(prefers-contrast: more)')

// Here and not by the media query alone, or else the tokens would have to be written once for each way to want them.
function showContrast(): void {
  const isMore = useAppearance.getState().contrast === 'more' || wantsContrast.matches
  document.documentElement.dataset.contrast = isMore ? 'more' : 'normal'
}
