import { create } from 'zustand'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** As the system prefers it, or more in any case. */
export const CONTRASTS = ['system', 'more'] as const
export type Contrast = (typeof CONTRASTS)[number]

const THEME_KEY = 'hookline.theme'
const CONTRAST_KEY = 'hookline.contrast'

export const useAppearance = create<{ theme: Theme; contrast: Contrast }>(() => ({
  theme: 'system',
  contrast: 'system',
}))

/** Applies what was chosen last, and follows the system from then on. Before the first paint, so that nothing flashes. */
export function restoreAppearance(): void {
  const theme = readKept(THEME_KEY)
  const contrast = readKept(CONTRAST_KEY)
  setTheme(THEMES.find((one) => one === theme) ?? 'system')
  setContrast(CONTRASTS.find((one) => one === contrast) ?? 'system')
  wantsContrast.addEventListener('change', showContrast)
}

export function setTheme(theme: Theme): void {
  useAppearance.setState({ theme })
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  keep(THEME_KEY, theme)
}

export function setContrast(contrast: Contrast): void {
  useAppearance.setState({ contrast })
  showContrast()
  keep(CONTRAST_KEY, contrast)
}

const wantsContrast = window.matchMedia('(prefers-contrast: more)')

// Here and not by the media query alone, or else the tokens would have to be written once for each way to want them.
function showContrast(): void {
  const isMore = useAppearance.getState().contrast === 'more' || wantsContrast.matches
  document.documentElement.dataset.contrast = isMore ? 'more' : 'normal'
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Without storage (a private window) the choice lasts as long as the page.
  }
}

function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
