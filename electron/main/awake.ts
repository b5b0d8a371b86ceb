import { powerSaveBlocker } from 'electron'

/** Keeps the computer from going to sleep, while that is wanted; its screen may go dark. */
export type Awake = { set(isWanted: boolean): void }

export function createAwake(): Awake {
  let id: number | undefined
  return {
    set(isWanted) {
      if (isWanted === (id !== undefined)) return
      if (id !== undefined) powerSaveBlocker.stop(id)
      id = isWanted ? powerSaveBlocker.start('prevent-app-suspension') : undefined
    },
  }
}
