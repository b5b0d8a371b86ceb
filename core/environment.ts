import { delimiter } from 'node:path'

/** The folders that `HOOKLINE_ALLOW_FOLDERS` names, written like `PATH`. */
export function foldersFromEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return (env.HOOKLINE_ALLOW_FOLDERS ?? '').split(delimiter).filter((folder) => folder !== '')
}

/** The variables that templates may read as `env`: those whose names `HOOKLINE_ENV` lists, with commas between them. */
export function variablesFromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = (env.HOOKLINE_ENV ?? '').split(',').map((name) => name.trim())
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
