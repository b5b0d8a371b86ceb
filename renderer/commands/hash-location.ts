import { useSyncExternalStore } from 'react'

/**
 * The screen's address behind the `#`: a path, and a query that keeps how the screen is narrowed. The router that comes with wouter has
 * its query before the `#`, where it would stay behind on every other screen.
 */
function split(): { path: string; query: string } {
  const [path = '', ...query] = location.hash.replace(/^#?\/?/, '').split('?')
  return { path: `/${path}`, query: query.join('?') }
}

/** Goes to another address of this window, such as `/runs?status=failed`. `replace`: without a way back to the present one. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const oldURL = location.href
  const url = new URL(oldURL)
  url.hash = `/${to.replace(/^#?\/?/, '')}`
  history[replace ? 'replaceState' : 'pushState'](null, '', url)
  // The browser fires no event for changes of the history that a page makes itself.
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: url.href }))
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}

const pathNow = (): string => split().path
const queryNow = (): string => split().query

/** The path of the address, and how to go to another: what the router asks for. */
export function useHashLocation(): [path: string, go: typeof navigate] {
  return [useSyncExternalStore(subscribe, pathNow), navigate]
}
useHashLocation.hrefs = (href: string): string => `#${href}`

/** The query of the address, as it stands there, without its question mark. */
export function useHashQuery(): string {
  return useSyncExternalStore(subscribe, queryNow)
}
