import { create } from 'zustand'
import { keep, parseKeptLists, readKept } from './kept.ts'

/** The name of the one list that is kept. */
const LIST = 'apps'

const useStore = create<{ apps: readonly string[] }>(() => ({
  apps: parseKeptLists(readKept('favourite-apps'), (name) => name === LIST)[LIST] ?? [],
}))

/** The ids of the apps that a person starred, in this browser or window. */
export function useFavouriteApps(): readonly string[] {
  return useStore(({ apps }) => apps)
}

/** Stars an app, or takes its star away. */
export function toggleFavourite(id: string): void {
  const { apps } = useStore.getState()
  const changed = apps.includes(id) ? apps.filter((one) => one !== id) : [...apps, id]
  useStore.setState({ apps: changed })
  keep('favourite-apps', JSON.stringify({ [LIST]: changed }))
}
