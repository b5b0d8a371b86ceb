import { lstatSync } from 'node:fs'

/** Whether a socket of our own user lies there. Of anything else nothing is asked: another user's program may have put it there. */
export function isSocketOfOurs(path: string): boolean {
  if (process.platform === 'win32') return path.startsWith('\\\\.\\pipe\\hookline-')
  const found = lstatSync(path, { throwIfNoEntry: false })
  const us = process.getuid?.()
  return found?.isSocket() === true && (found.uid === us || us === 0)
}
