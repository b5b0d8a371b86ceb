import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'

/** A value as a text; empty for what is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''
}

/** A list; empty for what is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isJsonList(value) ? value : []
}

/** The ways to sign in that a list of alternatives names. */
export function signInIds(security: Json | undefined): string[] | null {
  if (security === undefined || !isJsonList(security)) return null
  return [...new Set(security.flatMap((one) => (isJsonObject(one) ? Object.keys(one) : [])))]
}

/** The addresses that a description or an operation suggests, with their variables filled in by what they are when nothing is said. */
export function serversOf(from: JsonObject, isOld: boolean): string[] {
  if (isOld) {
    const host = textOf(from.host)
    const base = textOf(from.basePath)
    if (host === '') return base === '' ? [] : [base]
    const schemes = from.schemes === undefined ? ['https'] : listOf(from.schemes).map(textOf)
    const scheme = schemes.includes('https') ? 'https' : (schemes[0] ?? 'https')
    return [`${scheme}://${host}${base === '/' ? '' : base}`]
  }
  const servers = from.servers
  if (servers === undefined || !isJsonList(servers)) return []
  return servers.slice(0, 50).flatMap((server) => {
    if (!isJsonObject(server) || typeof server.url !== 'string') return []
    const variables = isJsonObject(server.variables) ? server.variables : {}
    const url = server.url.slice(0, 2_000).replace(/\{([^{}]{1,100})\}/g, (all, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
      return isJsonObject(variable) && variable.default !== undefined ? textOf(variable.default) : all
    })
    return url === '' ? [] : [url]
  })
}
