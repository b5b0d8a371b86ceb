/** A version as people see it: those that were published count from 1, and the snapshot of a draft that was tested has no number. */
export function versionWords(version: number, isTest: boolean): string {
  return isTest ? 'test' : `v${version}`
}
