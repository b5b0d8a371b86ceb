import { create } from 'zustand'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'hookline.theme'

export const useAppearance = create<{ theme: Theme }>(() => ({ theme: 'system' }))

/** Applies the theme that was chosen last. Before the first paint, so that nothing flashes. */
export function restoreAppearance(): void {
  const kept = readKept()
  setTheme(THEMES.find((theme) => theme === kept) ?? 'system')
}

export function setTheme(theme: Theme): void {
  useAppearance.setState({ theme })
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Without storage (a private window) the choice lasts as long as the page.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
