const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Why a name cannot be one of a host in a fleet, as a sentence; null when it can. */
export function hostNameProblem(name: string): string | null {
  if (name.length <= 63 && NAME.test(name)) return null
  return 'A host’s name in a fleet has up to 63 lower-case letters, digits and hyphens, with no hyphen at either end, such as "warehouse-1".'
}
